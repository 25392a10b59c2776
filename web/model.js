/* An article and its answer as they are shown: statements, and the voices that make them. */
"use strict";

quothView.model = (() => {
  const { plain, value } = quothView.words;
  const { ONLY_MARKS, MARKS_BEFORE, MARKS_AFTER, unitsOf } = quothView.text;

  const COLORS = 8;
  const PATTERNS = 3;
  const UNSURE_BELOW = 0.5;
  const GAP = "[\u2026]";

  /** The article and its statements with their voices, offsets in code units. */
  function modelOf({ article, response, name = "", prefix = "" }) {
    const encoding = value("OFFSET_ENCODING", response.offset_encoding);
    if (encoding && encoding !== "UTF32") {
      throw new Error(`offset_encoding is ${encoding}; ask the server for code points (UTF32)`);
    }
    const body = article.body ?? "";
    const unit = unitsOf(body);
    const span = (message) =>
      message && unit(message.start_offset) < unit(message.end_offset)
        ? { start: unit(message.start_offset), end: unit(message.end_offset) }
        : null;
    const spans = (messages) => (messages ?? []).map(span).filter(Boolean);
    const speakers = new Map((response.speakers ?? []).map((each) => [each.speaker_id, each]));
    const statements = (response.statements ?? []).map((message, index) => {
      const quoted = spans(message.quoted_spans);
      const content = ownWords(message, spans(message.content_spans), quoted, body);
      return {
        message,
        index,
        id: message.statement_id,
        anchor: prefix + message.statement_id,
        kind: kindOf(message),
        isUnsure: Boolean(message.confidence) && message.confidence < UNSURE_BELOW,
        content,
        quoted,
        length: content.reduce((sum, each) => sum + each.end - each.start, 0),
        parts: [
          ["source", span(message.speaker?.span)],
          ["role", span(message.speaker?.role?.span)],
          ["cue", span(message.cue?.span)],
          ["date", span(message.date?.span)],
          ["addressee", span(message.addressee)],
          ["medium", span(message.medium?.span)],
          ...(message.relays ?? []).flatMap((relay) => [
            ["relay", span(relay.span)],
            ["cue", span(relay.cue?.span)],
          ]),
        ].filter(([, place]) => place),
      };
    });
    return {
      article,
      response,
      name,
      panelId: `${prefix}quoth-panel`,
      body,
      speakers,
      statements,
      byId: new Map(statements.map((each) => [each.id, each])),
      voices: voicesOf(statements, speakers),
    };
  }

  /** The parts of a direct statement without the writer's words that lead into a quotation. */
  function ownWords(message, content, quoted, body) {
    if (kindOf(message) !== "direct" || !quoted.length) return content;
    const own = content.flatMap((part) => {
      const inside = quoted
        .map((each) => ({
          start: Math.max(each.start, part.start),
          end: Math.min(each.end, part.end),
        }))
        .filter(({ start, end }) => start < end);
      const edges = [part.start, ...inside.flatMap(({ start, end }) => [start, end]), part.end];
      const outside = edges
        .filter((_, i) => i % 2 === 0)
        .map((at, i) => body.slice(at, edges[2 * i + 1]));
      const inMarks = MARKS_BEFORE.test(body.slice(Math.max(0, part.start - 1), part.start));
      return inMarks || !outside.some((words) => /[\p{L}\p{N}]/u.test(words)) ? [part] : inside;
    });
    return own.length ? own : content;
  }

  function kindOf(statement) {
    return value("STATEMENT_KIND", statement.kind).toLowerCase() || "unknown";
  }

  /** Those who say something, most statements first, each with a label; the unknown come last. */
  function voicesOf(statements, speakers) {
    const groups = new Map();
    for (const statement of statements) {
      const id = statement.message.speaker?.speaker_id ?? "";
      const key = speakers.has(id) ? id : "";
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(statement);
    }
    const sorted = [...groups].sort(
      ([a, ofA], [b, ofB]) => !a - !b || ofB.length - ofA.length || ofA[0].index - ofB[0].index,
    );
    return sorted.map(([key, said], index) => {
      const speaker = speakers.get(key);
      const voice = {
        key,
        speaker,
        statements: said,
        name: speaker
          ? plain(speaker.display_name) || "Speaker without a name"
          : "Speaker not known",
        label: speaker ? letters(index) : "?",
        color: speaker ? String(index % COLORS) : "none",
        pattern: speaker ? String(Math.floor(index / COLORS) % PATTERNS) : "0",
      };
      said.forEach((statement, nth) => {
        statement.voice = voice;
        statement.label = `${voice.label}${nth + 1}`;
      });
      return voice;
    });
  }

  /** A, B, … Z, AA, AB, … */
  function letters(index) {
    const last = String.fromCharCode(65 + (index % 26));
    return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
  }

  /** The name of a statement's speaker; in marks the article's words for one not identified. */
  function nameOf(statement) {
    const mention = plain(statement.message.speaker?.span?.text);
    return !statement.voice.speaker && mention ? `\u201c${mention}\u201d` : statement.voice.name;
  }

  /** A role as the article words it, with the organization where those words leave it out. */
  function roleWords(role) {
    const words = plain(role?.span?.text);
    const organization = plain(role?.organization);
    if (!organization || words.toLowerCase().includes(organization.toLowerCase())) return words;
    return words ? `${words} (${organization})` : organization;
  }

  function titleOf(statement) {
    const mention = statement.message.speaker;
    const role = roleWords(mention?.role) || plain(mention?.known_role);
    const name = nameOf(statement);
    return role && !name.toLowerCase().includes(role.toLowerCase()) ? `${name}, ${role}` : name;
  }

  function titleOfArticle({ article, name }) {
    return plain(article.title) || name || "Article without a title";
  }

  /** What was said, in stretches of `{ text, quoted }` that read as one text. */
  function wordsOf(statement, body) {
    const words = [];
    let before = null;
    for (const part of statement.content) {
      if (before !== null) {
        const gap = ONLY_MARKS.test(body.slice(before, part.start)) ? " " : ` ${GAP} `;
        words.push({ text: gap, quoted: false });
      }
      let at = part.start;
      const add = (end, strip) => {
        const text = body.slice(at, end).replace(/\s+/g, " ");
        const outside = at > part.start ? text.replace(MARKS_AFTER, "") : text;
        const kept = strip ? outside.replace(MARKS_BEFORE, "") : outside;
        if (kept) words.push({ text: kept, quoted: false });
      };
      for (const quote of statement.quoted) {
        const start = Math.max(quote.start, at);
        const end = Math.min(quote.end, part.end);
        if (start >= end) continue;
        if (start > at) add(start, true);
        words.push({ text: `\u201c${plain(body.slice(start, end))}\u201d`, quoted: true });
        at = end;
      }
      if (at < part.end) add(part.end, false);
      before = part.end;
    }
    return words;
  }

  function textOf(statement, body) {
    return wordsOf(statement, body)
      .map(({ text }) => text)
      .join("");
  }

  /** The statements that this one stands inside, the outermost first. */
  function reportersOf(statement, model) {
    const chain = [];
    let reporter = model.byId.get(statement.message.parent_statement_id);
    while (reporter && !chain.includes(reporter) && reporter !== statement) {
      chain.unshift(reporter);
      reporter = model.byId.get(reporter.message.parent_statement_id);
    }
    return chain;
  }

  return { modelOf, nameOf, roleWords, titleOf, titleOfArticle, wordsOf, textOf, reportersOf };
})();
