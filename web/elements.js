/* Elements that several parts of the view are made of. Text goes in as text alone. */
"use strict";

quothView.elements = (() => {
  const { plain } = quothView.words;
  const { wordsOf } = quothView.model;

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

  function inMarks(span) {
    return foreign(`\u201c${plain(span?.text)}\u201d`);
  }

  function remark(...children) {
    return make("span", { class: "quoth-remark" }, ...children);
  }

  function unknown(words = "not known") {
    return make("span", { class: "quoth-unknown" }, words);
  }

  function colorsOf(voice) {
    return { color: voice.color, pattern: voice.pattern };
  }

  function badge(voice) {
    return make(
      "span",
      { class: "quoth-badge", data: colorsOf(voice), "aria-hidden": true },
      voice.label,
    );
  }

  function labelOf(statement) {
    return make(
      "span",
      { class: "quoth-badge", data: { kind: statement.kind, ...colorsOf(statement.voice) } },
      statement.label,
    );
  }

  function link(statement, ...children) {
    return make(
      "a",
      { href: `#${encodeURIComponent(statement.anchor)}`, data: { statement: statement.id } },
      ...children,
    );
  }

  function quotation(statement, body) {
    return wordsOf(statement, body).map(({ text, quoted }) =>
      quoted ? make("span", { class: "quoth-own-words" }, text) : text,
    );
  }

  return { make, foreign, inMarks, remark, unknown, colorsOf, badge, labelOf, link, quotation };
})();
