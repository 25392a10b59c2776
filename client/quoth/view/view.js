/* quothView: an article with everything that is said in it, and by whom.
 *
 *   quothView.render(element, { article, response })
 *
 * `article` and `response` are `quoth.v1.Article` and `quoth.v1.AttributeQuotesResponse` as proto
 * JSON with the field names of the proto (snake_case); fields that are zero or empty may be left
 * out. Offsets are code points of `article.body`. Two more keys may be given: `name`, shown where
 * the article has no title, and `prefix`, put before the ids of statements, which are the hashes
 * of their links; it must differ where a page shows several articles.
 *
 * `render` may be called again on the same element, which replaces what is there. It returns
 * `{ select(statementId), clear(), destroy() }`.
 *
 * Text of an article goes into the page as text and never as HTML, and no style is set from here,
 * so it runs under `default-src 'none'` with this file and view.css allowed, and under
 * `require-trusted-types-for 'script'`.
 */
"use strict";

globalThis.quothView = (() => {
  const COLORS = 8;
  const PATTERNS = 3;
  const GAP = "[\u2026]";
  const MARKS = "\"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2018\u2019\u201a\u201b'`";
  const ONLY_MARKS = new RegExp(`^[\\s${MARKS}]*$`);
  const MARKS_BEFORE = new RegExp(`[${MARKS}]+$`);
  const MARKS_AFTER = new RegExp(`^[${MARKS}]+`);
  const LINE = /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+/g;
  const ENDS_SENTENCE = /[.!?\u2026:;,\u2014-]["'\u201d\u2019\u00bb)\]]*$/;
  const LONGEST_HEADLINE = 120;
  const LONGEST_TOGETHER = 20;

  // ---- words ----------------------------------------------------------------------------------

  const KINDS = ["direct", "mixed", "indirect"];
  const KIND_MEANINGS = {
    direct: "their own words, in quotation marks",
    mixed: "a paraphrase with some of their own words",
    indirect: "a paraphrase",
  };
  const FACTUALITIES = {
    ASSERTED: "said",
    DENIED: "denied",
    NEGATED: "not said",
    FUTURE: "still to be said",
    HYPOTHETICAL: "only supposed",
    ASKED: "asked",
  };
  const SPEAKER_TYPES = {
    PERSON: "person",
    ORGANIZATION: "organization",
    GROUP: "several speakers",
    DOCUMENT: "document",
    UNNAMED: "unnamed source",
    PLACE: "place that stands for its government",
  };
  const STATUSES = {
    CURRENT: "held now",
    FORMER: "held before",
    ACTING: "held for the time being",
    PROSPECTIVE: "to be held",
  };
  const MEDIUM_TYPES = {
    INTERVIEW: "interview",
    WRITTEN_STATEMENT: "written statement",
    PUBLIC_REMARKS: "public remarks",
    SOCIAL_MEDIA: "social media",
    DOCUMENT: "document",
    BROADCAST: "broadcast",
  };
  const BASES = {
    CUE: "the time given with the words of saying",
    CONTEXT: "the time of the event, from an earlier sentence",
  };
  const REJECTIONS = {
    SCARE_QUOTES: "scare quotes",
    TITLE: "the title of a work",
    NAME: "a name",
    TERM: "the words themselves are meant",
    MOTTO: "a motto or the words of a sign",
    PROVERB: "a proverb",
    HYPOTHETICAL: "only supposed",
    UNATTRIBUTED: "nobody is said to have said it",
  };
  const MONTHS =
    "January February March April May June July August September October November December".split(
      " ",
    );
  const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

  /** The name of an enum's value without its prefix; "" for unset, its number for a newer one. */
  function value(prefix, name) {
    if (name === undefined || name === 0) return "";
    const short = String(name).replace(`${prefix}_`, "");
    return short === "UNSPECIFIED" ? "" : short;
  }

  /** The words for an enum's value; a value of a newer server is given as it came. */
  function enumWords(words, prefix, name) {
    const short = value(prefix, name);
    return words[short] ?? short.toLowerCase().replaceAll("_", " ");
  }

  function kindOf(statement) {
    return value("STATEMENT_KIND", statement.kind).toLowerCase() || "unknown";
  }

  function count(number, noun) {
    return `${number} ${noun}${number === 1 ? "" : "s"}`;
  }

  /** `Thursday, May 14, 2026`, `week of Monday, …`, `May 2026` or `2026`. */
  function calendarWords(date, granularity) {
    if (!date.month) return String(date.year);
    const month = MONTHS[date.month - 1];
    if (!date.day) return `${month} ${date.year}`;
    const day = new Date(0);
    day.setUTCFullYear(date.year, date.month - 1, date.day);
    const words = `${WEEKDAYS[day.getUTCDay()]}, ${month} ${date.day}, ${date.year}`;
    return value("DATE_GRANULARITY", granularity) === "WEEK" ? `week of ${words}` : words;
  }

  function anchorWords(anchor) {
    if (!anchor?.date) return "Day of publication not known";
    const read = value("ANCHOR_BASIS", anchor.basis) === "TEXT" ? ", as read in the article" : "";
    return `Published ${calendarWords(anchor.date)}${read}`;
  }

  function percent(probability) {
    return `${Math.round(100 * (probability ?? 0))}\u00a0%`;
  }

  function likelyWords(probability) {
    const bounds = [[0.9, "very likely"], [0.75, "likely"], [0.5, "rather likely"], [0.25, "unsure"]];
    return bounds.find(([least]) => (probability ?? 0) >= least)?.[1] ?? "doubtful";
  }

  /** A role as the article words it, with the organization where those words leave it out. */
  function roleWords(role) {
    const words = plain(role?.span?.text);
    const organization = plain(role?.organization);
    if (!organization || words.toLowerCase().includes(organization.toLowerCase())) return words;
    return words ? `${words} (${organization})` : organization;
  }

  /** White space run together, as the lines of an article are of no matter outside it. */
  function plain(text) {
    return (text ?? "").replace(/\s+/g, " ").trim();
  }

  function shortened(text, longest) {
    const points = Array.from(text);
    return points.length > longest ? `${points.slice(0, longest - 1).join("").trim()}\u2026` : text;
  }

  /** A, B, … Z, AA, AB, … */
  function letters(index) {
    const last = String.fromCharCode(65 + (index % 26));
    return index < 26 ? last : letters(Math.floor(index / 26) - 1) + last;
  }

  // ---- what is shown --------------------------------------------------------------------------

  /** Translates code points of a text into the code units that JavaScript strings count. */
  function unitsOf(text) {
    const units = [];
    let unit = 0;
    for (const point of text) {
      units.push(unit);
      unit += point.length;
    }
    units.push(unit);
    return (offset) => units[Math.max(0, Math.min(offset ?? 0, units.length - 1))];
  }

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
      const content = spans(message.content_spans);
      return {
        message,
        index,
        id: message.statement_id,
        anchor: prefix + message.statement_id,
        kind: kindOf(message),
        content,
        quoted: spans(message.quoted_spans),
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
      body,
      speakers,
      statements,
      byId: new Map(statements.map((each) => [each.id, each])),
      voices: voicesOf(statements, speakers),
    };
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
        name: speaker ? plain(speaker.display_name) || "Speaker without a name" : "Speaker not known",
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

  /** The name of a statement's speaker; words that could not be resolved as the article has them. */
  function nameOf(statement) {
    const mention = plain(statement.message.speaker?.span?.text);
    return !statement.voice.speaker && mention ? `\u201c${mention}\u201d` : statement.voice.name;
  }

  function titleOf(statement) {
    const role = roleWords(statement.message.speaker?.role);
    const name = nameOf(statement);
    return role && !name.toLowerCase().includes(role.toLowerCase()) ? `${name}, ${role}` : name;
  }

  /** Paragraphs as spans: lines, or blocks of lines where the text is wrapped at a width. */
  function paragraphsOf(body) {
    const lines = [...body.matchAll(LINE)]
      .map((match) => ({ start: match.index, end: match.index + match[0].length }))
      .filter(({ start, end }) => body.slice(start, end).trim());
    const follows = (a, b) => /^(\r\n|[^])$/.test(body.slice(a.end, b.start));
    const breaks = lines.slice(1).filter((line, i) => follows(lines[i], line)).length;
    const within = lines
      .slice(1)
      .filter((line, i) => follows(lines[i], line))
      .filter((line) => !ENDS_SENTENCE.test(body.slice(0, line.start).trimEnd().slice(-4))).length;
    if (breaks < 2 || within < 0.6 * breaks) return lines;
    return lines.reduce((blocks, line) => {
      const last = blocks.at(-1);
      if (last && follows(last, line)) last.end = line.end;
      else blocks.push({ ...line });
      return blocks;
    }, []);
  }

  /** Cuts the text wherever anything begins or ends: stretches with all the marks they bear. */
  function stretchesOf(paragraph, edges) {
    const at = new Set([paragraph.start, paragraph.end]);
    for (const place of edges.places) {
      if (place > paragraph.start && place < paragraph.end) at.add(place);
    }
    const places = [...at].sort((a, b) => a - b);
    const marks = edges.marks.filter((m) => m.start < paragraph.end && m.end > paragraph.start);
    return places.slice(0, -1).map((start, i) => ({
      start,
      end: places[i + 1],
      marks: marks.filter((mark) => mark.start <= start && mark.end >= places[i + 1]),
    }));
  }

  function edgesOf(model) {
    const marks = model.statements.flatMap((statement) => [
      ...statement.content.map((span) => ({ ...span, statement, part: "content" })),
      ...statement.quoted.map((span) => ({ ...span, statement, part: "quoted" })),
      ...statement.parts.map(([part, span]) => ({ ...span, statement, part })),
    ]);
    const chips = new Map();
    const outerFirst = [...model.statements].sort((a, b) => b.length - a.length);
    for (const statement of outerFirst.filter((each) => each.content.length)) {
      // Before the quotation mark, so that it does not part the mark from its word.
      const { start } = statement.content[0];
      const place = start - (MARKS_BEFORE.exec(model.body.slice(0, start))?.[0].length ?? 0);
      if (!chips.has(place)) {
        const [word] = /^\S*/.exec(model.body.slice(place, place + LONGEST_TOGETHER));
        chips.set(place, { statements: [], end: place + word.length });
      }
      chips.get(place).statements.push(statement);
    }
    const chipEdges = [...chips].flatMap(([start, { end }]) => [start, end]);
    const places = new Set([...chipEdges, ...marks.flatMap(({ start, end }) => [start, end])]);
    return { marks, chips, places };
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

  // ---- elements -------------------------------------------------------------------------------

  /** An element; `data` goes to its data attributes, `on` to listeners, the rest to attributes. */
  function make(tag, { data = {}, on = {}, ...attributes } = {}, ...children) {
    const element = document.createElement(tag);
    for (const [name, given] of Object.entries(attributes)) {
      if (given !== undefined && given !== false) element.setAttribute(name, String(given));
    }
    Object.assign(element.dataset, data);
    for (const [event, listener] of Object.entries(on)) element.addEventListener(event, listener);
    element.append(...children.filter((child) => child !== null && child !== ""));
    return element;
  }

  /** Text of the article outside it, kept from turning the direction of what follows. */
  function foreign(text, attributes = {}) {
    return make("bdi", attributes, text);
  }

  function colorsOf(voice) {
    return { color: voice.color, pattern: voice.pattern };
  }

  function badge(voice) {
    return make("span", { class: "quoth-badge", data: colorsOf(voice), "aria-hidden": true }, voice.label);
  }

  function link(statement, ...children) {
    return make("a", { href: `#${encodeURIComponent(statement.anchor)}`, data: { statement: statement.id } }, ...children);
  }

  function quotation(statement, body) {
    return wordsOf(statement, body).map(({ text, quoted }) =>
      quoted ? make("span", { class: "quoth-own-words" }, text) : text,
    );
  }

  function heading(model) {
    const { article, response, statements, voices } = model;
    const title = plain(article.title);
    const shown = titleOfArticle(model);
    const known = voices.filter((voice) => voice.speaker).length;
    const unknown = statements.filter((each) => !each.voice.speaker).length;
    const kinds = KINDS.map((kind) => [kind, statements.filter((s) => s.kind === kind).length]);
    const shares = kinds.filter(([, n]) => n).map(([kind, n]) => `${n} ${kind}`).join(", ");
    const found = statements.length
      ? `${count(statements.length, "statement")} (${shares}) by ${count(known, "speaker")}` +
        (unknown ? `; ${unknown} without a known speaker` : "")
      : "No statements found";
    const look = title ? "quoth-title" : "quoth-file";
    return make(
      "header",
      { class: "quoth-heading" },
      make("h2", { class: title && firstLine(model.body) === title ? "quoth-hidden" : look }, foreign(shown)),
      make(
        "p",
        { class: "quoth-facts" },
        make("span", {}, anchorWords(response.anchor_date)),
        make("span", {}, found),
        article.source_uri ? source(article.source_uri) : null,
      ),
    );
  }

  function titleOfArticle({ article, name }) {
    return plain(article.title) || name || "Article without a title";
  }

  function firstLine(body) {
    const [first] = paragraphsOf(body);
    return first ? plain(body.slice(first.start, first.end)) : "";
  }

  /** Where the article was found: a link if it is an address of the web, else text. */
  function source(uri) {
    if (!/^https?:\/\//i.test(uri)) return foreign(uri);
    return make("a", { href: uri, rel: "noopener noreferrer" }, foreign(uri));
  }

  /** The article: paragraphs, stretches that can be painted, and a chip before each statement. */
  function articleOf(model) {
    const edges = edgesOf(model);
    const stretches = [];
    const chips = new Map();
    const paragraphs = paragraphsOf(model.body).map((paragraph, index) => {
      const line = plain(model.body.slice(paragraph.start, paragraph.end));
      const looks = index === 0 && isHeadline(line, plain(model.article.title));
      const element = make("p", { class: looks ? "quoth-headline" : undefined });
      let into = element;
      let end = paragraph.start;
      for (const stretch of stretchesOf(paragraph, edges)) {
        if (stretch.start >= end) into = element;
        const first = edges.chips.get(stretch.start);
        if (first) {
          // A chip stays on the line of the word behind it.
          into = make("span", { class: "quoth-together" });
          end = first.end;
          element.append(into);
          for (const statement of first.statements) {
            chips.set(statement.id, chipOf(statement));
            into.append(chips.get(statement.id));
          }
        }
        const text = model.body.slice(stretch.start, stretch.end);
        if (stretch.marks.length) {
          stretch.element = make("span", { class: "quoth-stretch" }, text);
          stretches.push(stretch);
          into.append(stretch.element);
        } else {
          into.append(text);
        }
      }
      return element;
    });
    const element = make("article", { class: "quoth-article", "aria-label": titleOfArticle(model) }, ...paragraphs);
    return { element, stretches, chips };
  }

  /** Whether the first line is the headline: the title itself, or without one a line of its kind. */
  function isHeadline(line, title) {
    return title ? line === title : line.length <= LONGEST_HEADLINE && !ENDS_SENTENCE.test(line);
  }

  function chipOf(statement) {
    return make(
      "button",
      {
        class: "quoth-chip",
        type: "button",
        id: statement.anchor,
        "aria-pressed": false,
        "aria-label": `${statement.label}, ${statement.kind}, ${titleOf(statement)}`,
        data: { statement: statement.id, kind: statement.kind, ...colorsOf(statement.voice) },
      },
      statement.label,
    );
  }

  // ---- details of one statement ---------------------------------------------------------------

  function unknown(words = "not known") {
    return make("span", { class: "quoth-unknown" }, words);
  }

  function inMarks(span) {
    return foreign(`\u201c${plain(span?.text)}\u201d`);
  }

  function remark(...children) {
    return make("span", { class: "quoth-remark" }, ...children);
  }

  function speakerFact({ message, voice }) {
    const mention = message.speaker;
    if (!mention) return [unknown()];
    const words = plain(mention.span?.text);
    if (!voice.speaker) return [inMarks(mention.span), remark("not identified")];
    const type = enumWords(SPEAKER_TYPES, "SPEAKER_TYPE", voice.speaker.type);
    const named = words && words !== voice.name ? ["here ", inMarks(mention.span)] : [];
    return [
      foreign(voice.name),
      type ? remark(type) : null,
      named.length ? remark(...named) : null,
    ];
  }

  function roleFact({ message }) {
    const role = message.speaker?.role;
    if (!role) return [unknown("none given")];
    const status = enumWords(STATUSES, "ROLE_STATUS", role.status);
    const organization = plain(role.organization);
    return [
      foreign(plain(role.span?.text)),
      organization ? remark("at ", foreign(organization)) : null,
      status ? remark(status) : null,
    ];
  }

  function dateFact({ message: { date } }) {
    if (!date) return [unknown()];
    const basis = enumWords(BASES, "DATE_BASIS", date.basis);
    return [
      date.date ? calendarWords(date.date, date.granularity) : unknown("day not known"),
      date.span ? remark("from ", inMarks(date.span)) : null,
      basis ? remark(basis) : null,
    ];
  }

  function cueFact({ message: { cue } }) {
    if (!cue) return null;
    const lemma = plain(cue.lemma);
    return [inMarks(cue.span), lemma && lemma !== plain(cue.span?.text) ? remark(`from ${lemma}`) : null];
  }

  function mediumFact({ message: { medium } }) {
    if (!medium) return null;
    const type = enumWords(MEDIUM_TYPES, "MEDIUM_TYPE", medium.type);
    return [inMarks(medium.span), type ? remark(type) : null];
  }

  /** The way the words came, from the article inwards; null where the article itself tells them. */
  function chainFact(statement, model) {
    const told = reportersOf(statement, model).map((reporter) =>
      make("li", {}, "told by ", foreign(nameOf(reporter)), " in ", link(reporter, reporter.label)),
    );
    const passed = (statement.message.relays ?? []).map((relay) => {
      const name = plain(model.speakers.get(relay.speaker_id)?.display_name || relay.span?.text);
      const cue = relay.cue ? [" (", inMarks(relay.cue.span), ")"] : [];
      return make("li", {}, "passed on by ", foreign(name), ...cue);
    });
    if (!told.length && !passed.length) return null;
    const end = make("li", {}, "said by ", foreign(nameOf(statement)));
    return [make("ol", { class: "quoth-chain" }, ...told, ...passed, end)];
  }

  function sureness(statement) {
    const { message } = statement;
    const rows = [
      ["statement", message.confidence],
      message.speaker?.speaker_id ? ["speaker", message.speaker.confidence] : null,
      message.speaker?.role ? ["role", message.speaker.role_confidence] : null,
      message.date?.date ? ["date", message.date.confidence] : null,
      message.record_confidence ? ["whole record", message.record_confidence] : null,
    ].filter(Boolean);
    const items = rows.map(([of, probability]) =>
      make(
        "li",
        {},
        make("span", { class: "quoth-of" }, of),
        make("meter", { min: 0, max: 1, value: probability ?? 0, "aria-hidden": true }),
        make("span", {}, `${likelyWords(probability)}, ${percent(probability)}`),
      ),
    );
    return [make("ul", { class: "quoth-sure" }, ...items)];
  }

  /** The inside of the panel for one statement. */
  function detailsOf(statement, model, visible, actions) {
    const inside = model.statements.filter((s) => s.message.parent_statement_id === statement.id);
    const place = visible.indexOf(statement);
    const step = (to, words, key) =>
      make(
        "button",
        { type: "button", class: "quoth-step", data: { step: key }, disabled: !visible[to], on: { click: () => actions.go(visible[to], key) } },
        words,
      );
    const factuality = enumWords(FACTUALITIES, "FACTUALITY", statement.message.factuality);
    const { addressee } = statement.message;
    const chain = chainFact(statement, model);
    const facts = [
      ["Speaker", speakerFact(statement)],
      ["Role", roleFact(statement)],
      ["Date", dateFact(statement)],
      ["Cue", cueFact(statement)],
      ["Addressee", addressee ? [inMarks(addressee)] : null],
      ["Medium", mediumFact(statement)],
      ["Told as", factuality ? [factuality, chain ? null : remark("first hand")] : null],
      ["Second hand", chain],
      ["Reports", inside.length ? inside.map((each) => make("span", {}, link(each, each.label), " ", foreign(nameOf(each)))) : null],
    ];
    const given = facts.filter(([, fact]) => fact);
    const missing = facts
      .filter(([name, fact]) => !fact && !["Second hand", "Reports"].includes(name))
      .map(([name]) => name.toLowerCase());
    const rows = [
      ...given,
      ...(missing.length ? [["Not given", [unknown(missing.join(", "))]]] : []),
      ["How sure", sureness(statement)],
    ];
    return [
      make(
        "div",
        { class: "quoth-details-top" },
        make("h3", {}, labelOf(statement), " ", foreign(titleOf(statement))),
        make("button", { type: "button", class: "quoth-close", "aria-label": "Close (Escape)", on: { click: actions.clear } }, "\u00d7"),
      ),
      make(
        "p",
        { class: "quoth-kind" },
        make("strong", {}, statement.kind),
        KIND_MEANINGS[statement.kind] ? `: ${KIND_MEANINGS[statement.kind]}` : "",
      ),
      make("blockquote", { data: colorsOf(statement.voice) }, make("p", {}, ...quotation(statement, model.body))),
      make("dl", {}, ...rows.map(([name, fact]) => make("div", { class: name === "How sure" ? "quoth-whole" : undefined }, make("dt", {}, name), make("dd", {}, ...fact)))),
      make(
        "p",
        { class: "quoth-steps" },
        step(place - 1, "Previous", "back"),
        make("span", {}, `${place + 1} of ${visible.length}`),
        step(place + 1, "Next", "on"),
        link(statement, "Link"),
      ),
    ];
  }

  function labelOf(statement) {
    return make(
      "span",
      { class: "quoth-badge", data: { kind: statement.kind, ...colorsOf(statement.voice) } },
      statement.label,
    );
  }

  const HINT = [
    "Choose a statement to see who said it, when, and how sure that is.",
    "Keys: Tab or the arrows go from statement to statement, Enter chooses one, Escape lets go.",
  ];

  function hint() {
    return HINT.map((words) => make("p", { class: "quoth-hint" }, words));
  }

  // ---- filters and speakers -------------------------------------------------------------------

  function kindFilters(model, changed) {
    const present = [...new Set([...KINDS, ...model.statements.map((each) => each.kind)])];
    const rows = present.map((kind) => {
      const box = make("input", { type: "checkbox", checked: true, value: kind, on: { change: changed } });
      const total = model.statements.filter((each) => each.kind === kind).length;
      const number = make("span", { class: "quoth-count" }, String(total));
      const row = make(
        "label",
        { class: "quoth-kind-filter" },
        box,
        make("span", { class: "quoth-sample", data: { kind, color: "none" } }, kind),
        make("span", { class: "quoth-meaning" }, KIND_MEANINGS[kind] ?? ""),
        number,
      );
      return { kind, box, number, total, row };
    });
    const element = make(
      "fieldset",
      { class: "quoth-kinds" },
      make("legend", {}, "Kinds"),
      ...rows.map(({ row }) => row),
    );
    return { element, rows };
  }

  function speakerItem(voice, model, toggle) {
    const roles = (voice.speaker?.roles ?? []).map(roleWords).filter(Boolean);
    const type = enumWords(SPEAKER_TYPES, "SPEAKER_TYPE", voice.speaker?.type);
    const number = make("span", { class: "quoth-count" }, String(voice.statements.length));
    const only = make(
      "button",
      { type: "button", class: "quoth-only", "aria-pressed": false, "aria-label": `Only ${voice.name}`, on: { click: () => toggle(voice) } },
      "Only",
    );
    const links = voice.statements.map((statement) => {
      const words = shortened(plain(textOf(statement, model.body)), 90);
      const item = make("li", {}, link(statement, labelOf(statement), " ", foreign(words)), remark(statement.kind));
      return { statement, item };
    });
    const element = make(
      "li",
      {},
      make(
        "details",
        {},
        make(
          "summary",
          {},
          badge(voice),
          make(
            "span",
            { class: "quoth-who" },
            foreign(voice.name, { class: "quoth-name" }),
            roles.length ? make("span", { class: "quoth-roles" }, foreign(roles.join("; "))) : null,
          ),
          number,
        ),
        type ? make("p", { class: "quoth-type" }, type) : null,
        make("ul", { class: "quoth-said" }, ...links.map(({ item }) => item)),
      ),
      only,
    );
    return { voice, element, only, number, links };
  }

  /** Quotations that are no statements, and the notes of the server; null without any. */
  function remarksOf(model) {
    const rejected = (model.response.rejected_quotations ?? []).map((each) =>
      make("li", {}, inMarks(each.span), remark(enumWords(REJECTIONS, "REJECTION_REASON", each.reason))),
    );
    const notices = (model.response.notices ?? []).map((each) =>
      make("li", {}, foreign(plain(each.message)), each.span?.text ? remark(inMarks(each.span)) : null),
    );
    return [
      rejected.length ? listed("In quotation marks, but no statement", rejected) : null,
      notices.length ? listed("Notes", notices) : null,
    ];
  }

  function listed(title, items) {
    return make("section", { class: "quoth-remarks" }, make("h3", {}, title), make("ul", {}, ...items));
  }

  /** All statements as notes below the article, for print. */
  function endnotesOf(model) {
    const items = model.statements.map((statement) => {
      const { message } = statement;
      const facts = [
        statement.kind,
        message.cue ? `\u201c${plain(message.cue.span?.text)}\u201d` : "",
        message.date?.date ? calendarWords(message.date.date, message.date.granularity) : "day not known",
        message.addressee ? `to ${plain(message.addressee.text)}` : "",
        message.medium ? `through ${plain(message.medium.span?.text)}` : "",
        value("FACTUALITY", message.factuality) === "ASSERTED" ? "" : enumWords(FACTUALITIES, "FACTUALITY", message.factuality),
        ...reportersOf(statement, model).map((each) => `told by ${nameOf(each)} (${each.label})`),
        ...(message.relays ?? []).map((relay) => `by way of ${plain(relay.span?.text)}`),
        percent(message.confidence),
      ].filter(Boolean);
      const item = make(
        "li",
        {},
        make("strong", {}, `${statement.label} `, foreign(titleOf(statement))),
        make("span", {}, ...quotation(statement, model.body)),
        make("span", { class: "quoth-remark" }, facts.join(" \u00b7 ")),
      );
      return { statement, item };
    });
    const element = make(
      "section",
      { class: "quoth-endnotes" },
      make("h3", {}, "Statements"),
      make("p", {}, ...KINDS.flatMap((kind) => [make("span", { class: "quoth-sample", data: { kind, color: "none" } }, kind), ` ${KIND_MEANINGS[kind]}. `])),
      make("ul", {}, ...items.map(({ item }) => item)),
    );
    return { element, items };
  }

  // ---- painting -------------------------------------------------------------------------------

  function set(element, name, given) {
    if (given === undefined || given === "") delete element.dataset[name];
    else element.dataset[name] = given;
  }

  /** Colors one stretch by the statements shown there: the innermost fills, the next one lines. */
  function paint(stretch, isShown, selected) {
    const { element, marks } = stretch;
    const layers = marks
      .filter((mark) => mark.part === "content" && isShown(mark.statement))
      .map((mark) => mark.statement)
      .sort((a, b) => a.length - b.length);
    const [inner, outer] = layers;
    const isQuoted = marks.some((mark) => mark.part === "quoted" && mark.statement === inner);
    const part = marks.find((mark) => mark.statement === selected && !["content", "quoted"].includes(mark.part));
    set(element, "color", inner?.voice.color);
    set(element, "pattern", inner?.voice.pattern);
    set(element, "kind", inner?.kind);
    set(element, "quoted", isQuoted ? "yes" : "");
    set(element, "outerColor", outer?.voice.color);
    set(element, "outerKind", outer?.kind);
    set(element, "part", part?.part);
    element.classList.toggle("quoth-selected", layers.includes(selected));
    stretch.layers = layers;
  }

  // ---- the whole ------------------------------------------------------------------------------

  const views = new WeakMap();

  function render(element, data) {
    views.get(element)?.destroy();
    const model = modelOf(data);
    const ending = new AbortController();
    const kindsOff = new Set();
    const only = new Set();
    let selected = null;

    const isShown = (statement) =>
      !kindsOff.has(statement.kind) && (!only.size || only.has(statement.voice));
    const visible = () => model.statements.filter(isShown);

    const { element: article, stretches, chips } = articleOf(model);
    const details = make("div", { class: "quoth-details", role: "group", "aria-live": "polite", "aria-atomic": true, "aria-label": "Chosen statement" });
    const status = make("span", { role: "status" });
    const all = make("button", { type: "button", class: "quoth-all", hidden: true, on: { click: showAll } }, "Show all");
    const kinds = kindFilters(model, () => {
      kindsOff.clear();
      for (const { kind, box } of kinds.rows) if (!box.checked) kindsOff.add(kind);
      refresh();
    });
    const speakers = model.voices.map((voice) =>
      speakerItem(voice, model, () => {
        if (!only.delete(voice)) only.add(voice);
        refresh();
      }),
    );
    const endnotes = endnotesOf(model);
    const lists = make(
      "div",
      { class: "quoth-lists" },
      make("p", { class: "quoth-status" }, status, all),
      kinds.element,
      make("section", { class: "quoth-speakers" }, make("h3", {}, "Speakers"), make("ol", {}, ...speakers.map((each) => each.element))),
      ...remarksOf(model),
    );
    const panel = make("aside", { class: "quoth-panel", "aria-label": `Speakers of ${titleOfArticle(model)}` }, details, lists);
    const engine = model.response.engine_version;
    const foot = make(
      "p",
      { class: "quoth-foot" },
      "Found by a program, which can be wrong: check what you rely on.",
      engine ? ` quoth ${engine}` : "",
    );

    function refresh() {
      if (selected && !isShown(selected)) {
        selected = null;
        dropHash();
      }
      const shown = visible();
      for (const stretch of stretches) paint(stretch, isShown, selected);
      for (const statement of model.statements) {
        const chip = chips.get(statement.id);
        if (!chip) continue;
        chip.hidden = !isShown(statement);
        chip.setAttribute("aria-pressed", String(statement === selected));
      }
      for (const { kind, number, total } of kinds.rows) {
        const left = shown.filter((each) => each.kind === kind).length;
        number.textContent = left === total ? String(total) : `${left} of ${total}`;
      }
      for (const { voice, element: item, only: button, number, links } of speakers) {
        const left = voice.statements.filter(isShown).length;
        const total = voice.statements.length;
        number.textContent = left === total ? String(total) : `${left} of ${total}`;
        button.setAttribute("aria-pressed", String(only.has(voice)));
        item.classList.toggle("quoth-off", !left);
        for (const { statement, item: row } of links) {
          row.hidden = !isShown(statement);
          row.classList.toggle("quoth-current", statement === selected);
        }
      }
      for (const { statement, item } of endnotes.items) item.hidden = !isShown(statement);
      const total = model.statements.length;
      status.textContent =
        shown.length === total ? count(total, "statement") : `Showing ${shown.length} of ${count(total, "statement")}`;
      all.hidden = shown.length === total;
      element.classList.toggle("quoth-has-selection", selected !== null);
      showDetails(shown);
    }

    /** Fills the panel of details, which is read aloud, only where there is something new. */
    function showDetails(shown) {
      const state = selected ? `${selected.id} ${shown.indexOf(selected)} ${shown.length}` : "";
      if (details.dataset.state === state) return;
      details.dataset.state = state;
      details.replaceChildren(...(selected ? detailsOf(selected, model, shown, { clear, go }) : hint()));
    }

    function showAll() {
      kindsOff.clear();
      only.clear();
      for (const { box } of kinds.rows) box.checked = true;
      refresh();
      kinds.rows[0].box.focus();
    }

    function select(statement) {
      if (!isShown(statement)) {
        kindsOff.clear();
        only.clear();
        for (const { box } of kinds.rows) box.checked = true;
      }
      selected = statement;
      refresh();
      history.replaceState(history.state, "", `#${encodeURIComponent(statement.anchor)}`);
      chips.get(statement.id)?.scrollIntoView({ block: "nearest" });
    }

    function clear() {
      if (!selected) return;
      const chip = chips.get(selected.id);
      const hadFocus = details.contains(document.activeElement);
      selected = null;
      refresh();
      dropHash();
      if (hadFocus) chip?.focus();
    }

    function dropHash() {
      history.replaceState(history.state, "", location.href.split("#")[0]);
    }

    /** Goes to the statement before or behind; the focus stays on the button that was pressed. */
    function go(statement, key) {
      select(statement);
      const button = details.querySelector(`[data-step="${key}"]`);
      (button.disabled ? details.querySelector(".quoth-step:not([disabled])") : button)?.focus();
    }

    function selectHash() {
      const hash = decodeURIComponent(location.hash.slice(1));
      const statement = model.statements.find((each) => each.anchor === hash);
      if (statement) select(statement);
    }

    function clicked(event) {
      const chip = event.target.closest(".quoth-chip");
      if (chip) {
        select(model.byId.get(chip.dataset.statement));
        return;
      }
      if (!getSelection().isCollapsed) return; // words are being marked, as for copying
      const stretch = stretches.find((each) => each.element === event.target);
      if (!stretch?.layers.length) return;
      // A second click goes on to the statement around.
      const place = stretch.layers.indexOf(selected);
      select(stretch.layers[(place + 1) % stretch.layers.length]);
      chips.get(selected.id).focus({ preventScroll: true });
    }

    function pressed(event) {
      const chip = event.target.closest?.(".quoth-chip");
      if (!chip || event.altKey || event.ctrlKey || event.metaKey) return;
      const shown = [...article.querySelectorAll(".quoth-chip:not([hidden])")];
      const place = shown.indexOf(chip);
      const to = {
        ArrowRight: place + 1,
        ArrowDown: place + 1,
        ArrowLeft: place - 1,
        ArrowUp: place - 1,
        Home: 0,
        End: shown.length - 1,
      }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      shown[to]?.focus();
    }

    article.addEventListener("click", clicked);
    element.addEventListener("keydown", pressed, { signal: ending.signal });
    document.addEventListener("keydown", (event) => event.key === "Escape" && clear(), { signal: ending.signal });
    addEventListener("hashchange", selectHash, { signal: ending.signal });
    element.addEventListener(
      "click",
      (event) => {
        // A link to the statement that the address names already changes no hash.
        const target = event.target.closest("a[data-statement]");
        if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
        event.preventDefault();
        select(model.byId.get(target.dataset.statement));
      },
      { signal: ending.signal },
    );

    element.classList.add("quoth-view");
    element.replaceChildren(
      heading(model),
      make("div", { class: "quoth-columns" }, make("div", {}, article, foot), panel),
      endnotes.element,
    );
    refresh();
    selectHash();

    const view = {
      select: (id) => select(model.byId.get(id)),
      clear,
      destroy() {
        ending.abort();
        if (selected) dropHash();
        views.delete(element);
        element.classList.remove("quoth-view", "quoth-has-selection");
        element.replaceChildren();
      },
    };
    views.set(element, view);
    return view;
  }

  return { render };
})();
