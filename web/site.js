/* quothSite.index(element, data): the first page of a site, with all its statements to be searched.
 *
 * What is asked for is in the address (`#q=…&speaker=…`), so that a link opens the same list. Texts
 * go into the page as text and never as HTML.
 */
"use strict";

globalThis.quothSite = {};

quothSite.index = (() => {
  const { KINDS, SPEAKER_TYPES, count } = quothView.words;
  const { foreign, make, remark } = quothView.elements;

  const HITS = 50;
  const SPEAKERS = 20;
  const PARTS = " [\u2026] ";

  /** Letters as they are compared: without case and accents. */
  function plainOf(text) {
    return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  }

  function modelOf(data) {
    const speakers = data.speakers.map(([name, type], number) => ({ name, type, number }));
    const articles = data.articles.map(([page, title, day, likely]) => ({ page, title, day, likely }));
    const statements = data.statements.map(
      ([article, id, speaker, role, content, likely, kind, said, date]) => ({
        article: articles[article],
        id,
        speaker: speakers[speaker],
        role,
        content,
        isLikely: Boolean(likely),
        kind,
        said,
        date,
        searched: plainOf(
          [content, speakers[speaker]?.name, role, articles[article].title].join("\n"),
        ),
      }),
    );
    for (const speaker of speakers) Object.assign(speaker, { likely: 0, in: new Set() });
    for (const { speaker, article, isLikely } of statements) {
      if (speaker && isLikely) {
        speaker.likely += 1;
        speaker.in.add(article);
      }
    }
    const shown = speakers.filter((each) => each.likely);
    shown.sort((a, b) => b.likely - a.likely || (a.name < b.name ? -1 : 1));
    return { articles, statements, speakers: shown, number: data.number };
  }

  /** A statement with its own words in marks, if they are all its own. */
  function contentOf({ kind, content }) {
    if (kind !== "direct") return content;
    return `\u201c${content.split(PARTS).join(`\u201d${PARTS}\u201c`)}\u201d`;
  }

  function hit(statement) {
    const { article, speaker, role, kind, said, date, isLikely } = statement;
    const href = `${article.page}#${encodeURIComponent(statement.id)}`;
    const facts = [
      role && !speaker?.name.toLowerCase().includes(role.toLowerCase()) ? foreign(role) : null,
      kind,
      said,
      isLikely ? null : "unsure",
      date,
    ].filter(Boolean);
    return make(
      "li",
      { class: "quoth-hit" },
      make("p", {}, make("a", { href }, foreign(contentOf(statement)))),
      make(
        "p",
        { class: "quoth-remark" },
        make("b", {}, foreign(speaker?.name ?? "Speaker not known")),
        ...facts.flatMap((fact) => [" \u00b7 ", fact]),
      ),
      make(
        "p",
        { class: "quoth-remark" },
        foreign(article.title),
        article.day ? ` \u00b7 ${article.day}` : "",
      ),
    );
  }

  class Index {
    #model;
    #most = HITS;
    #isWhole = false;
    #speaker = null;

    constructor(element, data) {
      this.#model = modelOf(data);
      const { statements, number } = this.#model;
      const unsure = statements.filter((each) => !each.isLikely).length;
      const again = () => this.#ask();
      this.words = make("input", {
        type: "search",
        id: "quoth-words",
        placeholder: "Words, speakers, roles, titles",
        on: { input: again },
      });
      this.kind = make(
        "select",
        { id: "quoth-kind", on: { change: again } },
        make("option", { value: "" }, "all kinds"),
        ...KINDS.map((kind) => make("option", { value: kind }, kind)),
      );
      this.unsure = make("input", { type: "checkbox", id: "quoth-unsure", on: { change: again } });
      this.only = make("button", {
        type: "button",
        hidden: true,
        on: { click: () => this.#choose(null) },
      });
      this.status = make("p", { class: "quoth-status", role: "status" });
      this.hits = make("ol", { class: "quoth-hits" });
      const further = () => {
        this.#most += HITS;
        this.#show();
      };
      this.more = make("button", { type: "button", on: { click: further } }, "Show more");
      this.speakers = make("ol", {});
      const all = () => {
        this.#isWhole = true;
        this.#list();
      };
      this.whole = make("button", { type: "button", on: { click: all } }, "All speakers");
      element.replaceChildren(
        make(
          "div",
          { class: "quoth-columns" },
          make(
            "section",
            { "aria-label": "Statements" },
            make(
              "div",
              { class: "quoth-asked", role: "search" },
              make("label", { for: "quoth-words" }, "Find"),
              this.words,
              make("label", { for: "quoth-kind", class: "quoth-hidden" }, "Kind"),
              this.kind,
              unsure
                ? make("label", {}, this.unsure, ` and ${unsure} less likely`)
                : null,
              this.only,
            ),
            this.status,
            this.hits,
            this.more,
            statements.length < number
              ? remark(
                  `This page searches ${statements.length} of ${number} statements; ` +
                    "the command quoth search asks all of them.",
                )
              : null,
            this.#articles(),
          ),
          make(
            "aside",
            { class: "quoth-panel quoth-speakers", "aria-label": "Speakers" },
            make("h2", {}, count(this.#model.speakers.length, "speaker")),
            this.speakers,
            this.whole,
          ),
        ),
      );
      this.#list();
      this.#read();
      globalThis.addEventListener("hashchange", () => this.#read());
    }

    #articles() {
      const items = this.#model.articles.map(({ page, title, day, likely }) =>
        make(
          "li",
          {},
          make("a", { href: page }, foreign(title)),
          remark(day ? ` ${day} \u00b7 ` : " ", count(likely, "statement")),
        ),
      );
      return make(
        "section",
        { class: "quoth-articles" },
        make("h2", {}, count(items.length, "article")),
        make("ol", {}, ...items),
      );
    }

    /** The speakers, those with most statements first; each asks for what it says. */
    #list() {
      const { speakers } = this.#model;
      const shown = this.#isWhole ? speakers : speakers.slice(0, SPEAKERS);
      this.whole.hidden = shown.length === speakers.length;
      const items = shown.map((speaker) => {
        const type = SPEAKER_TYPES[speaker.type.toUpperCase()];
        return make(
          "li",
          {},
          make(
            "button",
            {
              type: "button",
              class: "quoth-speaker",
              "aria-pressed": speaker === this.#speaker,
              on: { click: () => this.#choose(speaker === this.#speaker ? null : speaker) },
            },
            foreign(speaker.name),
            type && speaker.type !== "person" ? remark(type) : null,
          ),
          make(
            "span",
            { class: "quoth-count" },
            `${speaker.likely} in ${count(speaker.in.size, "article")}`,
          ),
        );
      });
      this.speakers.replaceChildren(...items);
    }

    #choose(speaker) {
      this.#speaker = speaker;
      this.#list();
      this.#ask();
    }

    /** What is asked for goes into the address. */
    #ask() {
      const asked = new URLSearchParams();
      if (this.words.value.trim()) asked.set("q", this.words.value.trim());
      if (this.kind.value) asked.set("kind", this.kind.value);
      if (this.unsure.checked) asked.set("all", "1");
      if (this.#speaker) {
        asked.set("speaker", this.#speaker.name);
        asked.set("type", this.#speaker.type);
      }
      const hash = asked.toString();
      history.replaceState(null, "", hash ? `#${hash}` : location.pathname + location.search);
      this.#most = HITS;
      this.#show();
    }

    #read() {
      const asked = new URLSearchParams(location.hash.slice(1));
      this.words.value = asked.get("q") ?? "";
      this.kind.value = KINDS.includes(asked.get("kind")) ? asked.get("kind") : "";
      this.unsure.checked = asked.get("all") === "1";
      const [name, type] = [asked.get("speaker"), asked.get("type")];
      this.#speaker =
        this.#model.speakers.find(
          (each) => each.name === name && (type === null || each.type === type),
        ) ?? null;
      this.#most = HITS;
      this.#list();
      this.#show();
    }

    #show() {
      const words = plainOf(this.words.value).split(/\s+/).filter(Boolean);
      const found = this.#model.statements.filter(
        (each) =>
          (this.unsure.checked || each.isLikely) &&
          (!this.kind.value || each.kind === this.kind.value) &&
          (!this.#speaker || each.speaker === this.#speaker) &&
          words.every((word) => each.searched.includes(word)),
      );
      const shown = found.slice(0, this.#most);
      const total = count(found.length, "statement");
      this.only.hidden = !this.#speaker;
      this.only.textContent = this.#speaker ? `Only ${this.#speaker.name} \u00d7` : "";
      this.status.textContent =
        shown.length === found.length ? total : `${total}, the first ${shown.length} shown`;
      this.hits.replaceChildren(...shown.map(hit));
      this.more.hidden = shown.length === found.length;
    }
  }

  return (element, data) => new Index(element, data);
})();
