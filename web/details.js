/* Everything that is known about one statement, and how sure it is. */
"use strict";

quothView.details = (() => {
  const {
    BASES,
    KIND_MEANINGS,
    MEDIUM_TYPES,
    SPEAKER_TYPES,
    STATUSES,
    calendarWords,
    enumWords,
    factualityWords,
    likelyWords,
    percent,
    plain,
  } = quothView.words;
  const { nameOf, reportersOf, titleOf } = quothView.model;
  const { colorsOf, foreign, inMarks, labelOf, link, make, quotation, remark, unknown } =
    quothView.elements;

  const HINT = [
    "Choose a statement to see who said it, when, and how sure that is.",
    "Keys: Tab or the arrows go from statement to statement, Enter chooses one, Escape lets go.",
  ];

  function hint() {
    return HINT.map((words) => make("p", { class: "quoth-hint" }, words));
  }

  /** The inside of the panel for one statement. */
  function detailsOf(statement, model, visible, actions) {
    const inside = model.statements.filter((s) => s.message.parent_statement_id === statement.id);
    const place = visible.indexOf(statement);
    const step = (to, words, key) =>
      make(
        "button",
        {
          type: "button",
          class: "quoth-step",
          data: { step: key },
          disabled: !visible[to],
          on: { click: () => actions.go(visible[to], key) },
        },
        words,
      );
    const factuality = factualityWords(statement.message);
    const { addressee } = statement.message;
    const chain = chainFact(statement, model);
    const facts = [
      ["Speaker", speakerFact(statement)],
      ["Role", roleFact(statement)],
      ["Date", dateFact(statement)],
      ["Cue", cueFact(statement)],
      ["Addressee", addressee ? [inMarks(addressee)] : null],
      ["Medium", mediumFact(statement)],
      ["Status", factuality ? [factuality, chain ? null : remark("first hand")] : null],
      ["Second hand", chain],
      [
        "Reports",
        inside.length
          ? inside.map((each) =>
              make("span", {}, link(each, each.label), " ", foreign(nameOf(each))),
            )
          : null,
      ],
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
        make(
          "button",
          {
            type: "button",
            class: "quoth-close",
            "aria-label": "Close (Escape)",
            on: { click: actions.clear },
          },
          "\u00d7",
        ),
      ),
      make(
        "p",
        { class: "quoth-kind" },
        make("strong", {}, statement.kind),
        KIND_MEANINGS[statement.kind] ? `: ${KIND_MEANINGS[statement.kind]}` : "",
      ),
      make(
        "blockquote",
        { data: colorsOf(statement.voice) },
        make("p", {}, ...quotation(statement, model.body)),
      ),
      make(
        "dl",
        {},
        ...rows.map(([name, fact]) =>
          make(
            "div",
            { class: name === "How sure" ? "quoth-whole" : undefined },
            make("dt", {}, name),
            make("dd", {}, ...fact),
          ),
        ),
      ),
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
    const words = plain(role.span?.text);
    const organization = plain(role.organization);
    // "Mayor of London" needs no "at London" after it.
    const isNamed = words.toLowerCase().includes(organization.toLowerCase());
    return [
      foreign(words),
      organization && !isNamed ? remark("at ", foreign(organization)) : null,
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
    return [
      inMarks(cue.span),
      lemma && lemma !== plain(cue.span?.text) ? remark(`from ${lemma}`) : null,
    ];
  }

  function mediumFact({ message: { medium } }) {
    if (!medium) return null;
    const type = enumWords(MEDIUM_TYPES, "MEDIUM_TYPE", medium.type);
    return [inMarks(medium.span), type ? remark(type) : null];
  }

  /** The way the words came, from the article inwards; null where the article itself reports them. */
  function chainFact(statement, model) {
    const told = reportersOf(statement, model).map((reporter) =>
      make("li", {}, "quoted by ", foreign(nameOf(reporter)), " in ", link(reporter, reporter.label)),
    );
    const passed = (statement.message.relays ?? []).map((relay) => {
      const name = plain(model.speakers.get(relay.speaker_id)?.display_name || relay.span?.text);
      const cue = relay.cue ? [" (", inMarks(relay.cue.span), ")"] : [];
      return make("li", {}, "quoted by ", foreign(name), ...cue);
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

  return { detailsOf, hint };
})();
