/* The filters, the speakers with what they say, and quotations that are not statements. */
"use strict";

quothView.panel = (() => {
  const {
    KINDS,
    KIND_MEANINGS,
    REJECTIONS,
    SPEAKER_TYPES,
    enumWords,
    noticeWords,
    plain,
    shortened,
  } = quothView.words;
  const { roleWords, textOf } = quothView.model;
  const { badge, foreign, inMarks, labelOf, link, make, remark } = quothView.elements;

  function kindFilters(model, changed) {
    const present = [...new Set([...KINDS, ...model.statements.map((each) => each.kind)])];
    const groups = present.map((kind) => [
      kind,
      KIND_MEANINGS[kind] ?? "",
      model.statements.filter((each) => each.kind === kind),
    ]);
    const unsure = model.statements.filter((each) => each.isUnsure);
    if (unsure.length) groups.push(["unsure", "paler: more likely wrong than right", unsure]);
    const rows = groups.map(([name, meaning, statements]) => {
      const box = make("input", {
        type: "checkbox",
        checked: true,
        on: { change: changed },
      });
      const number = make("span", { class: "quoth-count" });
      const row = make(
        "label",
        { class: "quoth-kind-filter" },
        box,
        make("span", { class: "quoth-sample", data: sampleOf(name) }, name),
        make("span", { class: "quoth-meaning" }, meaning),
        number,
      );
      return { statements, box, number, row };
    });
    const element = make(
      "fieldset",
      { class: "quoth-kinds" },
      make("legend", {}, "Show"),
      ...rows.map(({ row }) => row),
    );
    return { element, rows };
  }

  function sampleOf(name) {
    return name === "unsure" ? { unsure: "yes", color: "none" } : { kind: name, color: "none" };
  }

  function speakerItem(voice, model, toggle) {
    // A speaker without a name is called by the role, which need not stand below it again.
    const name = voice.name.toLowerCase();
    const roles = (voice.speaker?.roles ?? [])
      .map(roleWords)
      .filter((role) => role && !name.includes(role.toLowerCase()));
    const type = enumWords(SPEAKER_TYPES, "SPEAKER_TYPE", voice.speaker?.type);
    const number = make("span", { class: "quoth-count" });
    const only = make(
      "button",
      {
        type: "button",
        class: "quoth-only",
        "aria-pressed": false,
        "aria-label": `Only ${voice.name}`,
        on: { click: () => toggle(voice) },
      },
      "Only",
    );
    const links = voice.statements.map((statement) => {
      const words = shortened(plain(textOf(statement, model.body)), 90);
      const item = make(
        "li",
        {},
        link(statement, labelOf(statement), " ", foreign(words)),
        remark(statement.kind),
      );
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

  /** Quotations that are not statements, who did not answer, and notes; null without any. */
  function remarksOf(model) {
    const rejected = (model.response.rejected_quotations ?? []).map((each) =>
      make(
        "li",
        {},
        inMarks(each.span),
        remark(enumWords(REJECTIONS, "REJECTION_REASON", each.reason)),
      ),
    );
    const nonresponses = (model.response.nonresponses ?? []).map((each) =>
      make(
        "li",
        {},
        foreign(
          plain(
            model.speakers.get(each.speaker?.speaker_id)?.display_name ||
              each.speaker?.span?.text ||
              "Not known who",
          ),
        ),
        remark(inMarks(each.cue.span)),
      ),
    );
    const notices = (model.response.notices ?? []).map((each) =>
      make(
        "li",
        {},
        foreign(noticeWords(each)),
        each.span?.text ? remark(inMarks(each.span)) : null,
      ),
    );
    return [
      rejected.length ? listed("In quotation marks, but not a statement", rejected) : null,
      nonresponses.length ? listed("No answer", nonresponses) : null,
      notices.length ? listed("Notes", notices) : null,
    ];
  }

  function listed(title, items) {
    return make(
      "section",
      { class: "quoth-remarks" },
      make("h3", {}, title),
      make("ul", {}, ...items),
    );
  }

  return { kindFilters, speakerItem, remarksOf };
})();
