/* The text of an article: its units, its paragraphs, and where it is cut to be marked. */
"use strict";

quothView.text = (() => {
  const MARKS = "\"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2039\u203a\u2018\u2019\u201a\u201b'`";
  const ONLY_MARKS = new RegExp(`^[\\s${MARKS}]*$`);
  const MARKS_BEFORE = new RegExp(`[${MARKS}]+$`);
  const MARKS_AFTER = new RegExp(`^[${MARKS}]+`);
  const LINE = /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+/g;
  const ENDS_SENTENCE = /[.!?\u2026:;,\u2014-]["'\u201d\u2019\u00bb)\]]*$/;
  const RIGHT_TO_LEFT = /[\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Syriac}\p{Script=Thaana}]/u;
  const LONGEST_TOGETHER = 20;
  const LONGEST_MARKS = 4;

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

  /** Paragraphs as spans: lines, or blocks of lines where the text is wrapped at a width. */
  function paragraphsOf(body) {
    const lines = [...body.matchAll(LINE)]
      .map((match) => ({ start: match.index, end: match.index + match[0].length }))
      .filter(({ start, end }) => body.slice(start, end).trim());
    const follows = (a, b) => /^(\r\n|[^])$/.test(body.slice(a.end, b.start));
    const broken = lines.filter((line, i) => i + 1 < lines.length && follows(line, lines[i + 1]));
    const within = broken.filter(
      ({ start, end }) => !ENDS_SENTENCE.test(body.slice(start, end).trim()),
    );
    if (broken.length < 2 || within.length < 0.6 * broken.length) return lines;
    return lines.reduce((blocks, line) => {
      const last = blocks.at(-1);
      if (last && follows(last, line)) last.end = line.end;
      else blocks.push({ ...line });
      return blocks;
    }, []);
  }

  /** `rtl` for a line all in such a script, as a quotation may be; the articles are English. */
  function directionOf(line) {
    return RIGHT_TO_LEFT.test(line) && !/\p{Script=Latin}/u.test(line) ? "rtl" : undefined;
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
      const before = model.body.slice(Math.max(0, start - LONGEST_MARKS), start);
      const place = start - (MARKS_BEFORE.exec(before)?.[0].length ?? 0);
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

  /** Cuts the text wherever anything begins or ends: stretches with all the marks they bear. */
  function cut(paragraph, edges) {
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

  return {
    ONLY_MARKS,
    MARKS_BEFORE,
    MARKS_AFTER,
    ENDS_SENTENCE,
    unitsOf,
    paragraphsOf,
    directionOf,
    edgesOf,
    cut,
  };
})();
