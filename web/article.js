/* The heading and the text of an article, with its statements marked. */
"use strict";

quothView.article = (() => {
  const { KINDS, anchorWords, count, plain, sameWords } = quothView.words;
  const { ENDS_SENTENCE, cut, directionOf, edgesOf, paragraphsOf } = quothView.text;
  const { titleOf, titleOfArticle } = quothView.model;
  const { colorsOf, foreign, make } = quothView.elements;

  const LONGEST_HEADLINE = 120;

  function heading(model) {
    const { article, response, statements, voices } = model;
    const title = plain(article.title);
    const shown = titleOfArticle(model);
    const known = voices.filter((voice) => voice.speaker).length;
    const unknown = statements.filter((each) => !each.voice.speaker).length;
    const kinds = KINDS.map((kind) => [kind, statements.filter((s) => s.kind === kind).length]);
    const shares = kinds
      .filter(([, n]) => n)
      .map(([kind, n]) => `${n} ${kind}`)
      .join(", ");
    const found = statements.length
      ? `${count(statements.length, "statement")} (${shares}) by ${count(known, "speaker")}` +
        (unknown ? `; ${unknown} without a known speaker` : "")
      : "No statements found";
    const look = title ? "quoth-title" : "quoth-file";
    return make(
      "header",
      { class: "quoth-heading" },
      make(
        "h2",
        { class: title && sameWords(firstLine(model.body), title) ? "quoth-hidden" : look },
        foreign(shown),
      ),
      make(
        "p",
        { class: "quoth-facts" },
        make("span", {}, anchorWords(response.anchor_date)),
        make("span", {}, found),
        article.source_uri ? source(article.source_uri) : null,
        make("a", { class: "quoth-jump", href: `#${model.panelId}` }, "To the speakers"),
      ),
    );
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
      const element = make("p", {
        class: looks ? "quoth-headline" : undefined,
        dir: directionOf(line),
      });
      let into = element;
      let end = paragraph.start;
      for (const stretch of cut(paragraph, edges)) {
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
    const element = make(
      "article",
      { class: "quoth-article", "aria-label": titleOfArticle(model) },
      ...paragraphs,
    );
    const stretchesOf = new Map(model.statements.map((statement) => [statement, new Set()]));
    for (const stretch of stretches) {
      for (const { statement } of stretch.marks) stretchesOf.get(statement).add(stretch);
    }
    return { element, stretches, stretchesOf, chips };
  }

  /** Whether the first line is the headline: the title, or without one a line like a headline. */
  function isHeadline(line, title) {
    return title
      ? sameWords(line, title)
      : line.length <= LONGEST_HEADLINE && !ENDS_SENTENCE.test(line);
  }

  function chipOf(statement) {
    const shown =
      statement.isUnsure && statement.voice.speaker ? `${statement.label}?` : statement.label;
    const unsure = statement.isUnsure ? ["unsure"] : [];
    return make(
      "button",
      {
        class: "quoth-chip",
        type: "button",
        id: statement.anchor,
        "aria-pressed": false,
        "aria-label": [shown, statement.kind, titleOf(statement), ...unsure].join(", "),
        data: { statement: statement.id, kind: statement.kind, ...colorsOf(statement.voice) },
      },
      shown,
    );
  }

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
    const part = marks.find(
      (mark) => mark.statement === selected && !["content", "quoted"].includes(mark.part),
    );
    set(element, "color", inner?.voice.color);
    set(element, "pattern", inner?.voice.pattern);
    set(element, "kind", inner?.kind);
    set(element, "quoted", isQuoted ? "yes" : "");
    set(element, "unsure", inner?.isUnsure ? "yes" : "");
    set(element, "outerColor", outer?.voice.color);
    set(element, "outerKind", outer?.kind);
    set(element, "part", part?.part);
    element.classList.toggle("quoth-selected", layers.includes(selected));
    stretch.layers = layers;
  }

  return { heading, articleOf, paint };
})();
