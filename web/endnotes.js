/* All statements as notes below the article, for paper. */
"use strict";

quothView.endnotes = (() => {
  const {
    KINDS,
    KIND_MEANINGS,
    MEDIUM_TYPES,
    calendarWords,
    enumWords,
    factualityWords,
    percent,
    plain,
    value,
  } = quothView.words;
  const { nameOf, reportersOf, titleOf } = quothView.model;
  const { foreign, make, quotation } = quothView.elements;

  /** Through what it was said; a word of saying that tells it, as "tweeted", is the cue already. */
  function mediumWords({ cue, medium }) {
    const words = plain(medium.span?.text);
    const isCue = words === plain(cue?.span?.text);
    return isCue ? enumWords(MEDIUM_TYPES, "MEDIUM_TYPE", medium.type) : `through ${words}`;
  }

  /** All statements as notes below the article, for print. */
  function endnotesOf(model) {
    const items = model.statements.map((statement) => {
      const { message } = statement;
      const facts = [
        statement.kind,
        message.cue ? `\u201c${plain(message.cue.span?.text)}\u201d` : "",
        message.date?.date
          ? calendarWords(message.date.date, message.date.granularity)
          : "day not known",
        message.addressee ? `to ${plain(message.addressee.text)}` : "",
        message.medium ? mediumWords(message) : "",
        value("FACTUALITY", message.factuality) === "ASSERTED"
          ? ""
          : factualityWords(message),
        ...reportersOf(statement, model).map((each) => `quoted by ${nameOf(each)} (${each.label})`),
        ...(message.relays ?? []).map((relay) => `quoted by ${plain(relay.span?.text)}`),
        `${percent(message.confidence)} sure`,
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
      make(
        "p",
        {},
        ...KINDS.flatMap((kind) => [
          make("span", { class: "quoth-sample", data: { kind, color: "none" } }, kind),
          ` ${KIND_MEANINGS[kind]}. `,
        ]),
      ),
      make("ul", {}, ...items.map(({ item }) => item)),
    );
    return { element, items };
  }

  return { endnotesOf };
})();
