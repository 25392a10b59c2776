/* quothView.render(element, { article, response }): an article with everything that is said in it.
 *
 * `article` and `response` are `quoth.v1.Article` and `quoth.v1.AttributeQuotesResponse` as proto
 * JSON with the field names of the proto (snake_case); fields that are zero or empty may be left
 * out. Offsets are code points of `article.body`. Two more keys may be given: `name`, shown where
 * the article has no title, and `prefix`, put before the ids of statements, which are the hashes
 * of their links; it must differ where a page shows several articles.
 *
 * It may be called again on the same element, which replaces what is there. It returns
 * `{ select(statementId), clear(), destroy() }`.
 *
 * Text of an article goes into the page as text and never as HTML, and no style is set from here,
 * so it runs under `default-src 'none'` with the scripts and style of the view allowed, and under
 * `require-trusted-types-for 'script'`.
 */
"use strict";

quothView.render = (() => {
  const { count } = quothView.words;
  const { modelOf, titleOfArticle } = quothView.model;
  const { make } = quothView.elements;
  const { articleOf, heading, paint } = quothView.article;
  const { detailsOf, hint } = quothView.details;
  const { kindFilters, remarksOf, speakerItem } = quothView.panel;
  const { endnotesOf } = quothView.endnotes;

  const views = new WeakMap();

  class View {
    #element;
    #model;
    #article;
    #details;
    #status;
    #all;
    #kinds;
    #speakers;
    #endnotes;
    #ending = new AbortController();
    #off = new Set();
    #only = new Set();
    #selected = null;

    constructor(element, data) {
      this.#element = element;
      this.#model = modelOf(data);
      this.#article = articleOf(this.#model);
      this.#endnotes = endnotesOf(this.#model);
      const panel = this.#panel();
      const columns = make(
        "div",
        { class: "quoth-columns" },
        this.#article.element,
        panel,
        this.#foot(),
      );
      element.classList.add("quoth-view");
      element.replaceChildren(heading(this.#model), columns, this.#endnotes.element);
      this.#listen();
      this.#filter();
      this.#selectHash();
    }

    // ---- parts ----------------------------------------------------------------------------------

    #panel() {
      const model = this.#model;
      this.#details = make("div", {
        class: "quoth-details",
        role: "group",
        "aria-live": "polite",
        "aria-atomic": true,
        "aria-label": "Chosen statement",
      });
      this.#status = make("span", { role: "status" });
      const showAll = () => {
        this.#showAll();
        this.#filter();
        this.#kinds.rows[0].box.focus();
      };
      this.#all = make(
        "button",
        { type: "button", hidden: true, on: { click: showAll } },
        "Show all",
      );
      this.#kinds = kindFilters(model, () => {
        const off = this.#kinds.rows.filter(({ box }) => !box.checked);
        this.#off = new Set(off.flatMap(({ statements }) => statements));
        this.#filter();
      });
      this.#speakers = model.voices.map((voice) =>
        speakerItem(voice, model, () => {
          if (!this.#only.delete(voice)) this.#only.add(voice);
          this.#filter();
        }),
      );
      const items = this.#speakers.map(({ element }) => element);
      return make(
        "aside",
        {
          class: "quoth-panel",
          id: model.panelId,
          tabindex: -1,
          "aria-label": `Speakers of ${titleOfArticle(model)}`,
        },
        this.#details,
        make(
          "div",
          { class: "quoth-lists" },
          make("p", { class: "quoth-status" }, this.#status, this.#all),
          this.#kinds.element,
          make(
            "section",
            { class: "quoth-speakers" },
            make("h3", {}, "Speakers"),
            make("ol", {}, ...items),
          ),
          ...remarksOf(model),
        ),
      );
    }

    #foot() {
      const engine = this.#model.response.engine_version;
      const warning = "Found by a program, which can be wrong: check what you rely on.";
      return make("p", { class: "quoth-foot" }, warning, engine ? ` quoth ${engine}` : "");
    }

    // ---- what is shown --------------------------------------------------------------------------

    #isShown(statement) {
      if (this.#off.has(statement)) return false;
      return !this.#only.size || this.#only.has(statement.voice);
    }

    #shown() {
      return this.#model.statements.filter((each) => this.#isShown(each));
    }

    #showAll() {
      this.#off.clear();
      this.#only.clear();
      for (const { box } of this.#kinds.rows) box.checked = true;
    }

    /** Brings everything up to date with the filters. */
    #filter() {
      const isShown = (statement) => this.#isShown(statement);
      if (this.#selected && !isShown(this.#selected)) this.#dropSelection();
      for (const stretch of this.#article.stretches) paint(stretch, isShown, this.#selected);
      for (const statement of this.#model.statements) {
        const chip = this.#article.chips.get(statement.id);
        if (chip) chip.hidden = !isShown(statement);
      }
      const share = (of) => {
        const left = of.filter(isShown).length;
        return left === of.length ? String(left) : `${left} of ${of.length}`;
      };
      for (const { statements, number } of this.#kinds.rows) number.textContent = share(statements);
      for (const { voice, element, only, number, links } of this.#speakers) {
        number.textContent = share(voice.statements);
        only.setAttribute("aria-pressed", String(this.#only.has(voice)));
        element.classList.toggle("quoth-off", !voice.statements.some(isShown));
        for (const { statement, item } of links) item.hidden = !isShown(statement);
      }
      for (const { statement, item } of this.#endnotes.items) item.hidden = !isShown(statement);
      const total = count(this.#model.statements.length, "statement");
      const left = this.#shown().length;
      this.#all.hidden = left === this.#model.statements.length;
      this.#status.textContent = this.#all.hidden ? total : `Showing ${left} of ${total}`;
      this.#showDetails();
    }

    /** Fills the panel of details, which is read aloud, only where there is something new. */
    #showDetails() {
      const shown = this.#shown();
      const chosen = this.#selected;
      const state = chosen ? `${chosen.id} ${shown.indexOf(chosen)} ${shown.length}` : "";
      if (this.#details.dataset.state === state) return;
      this.#details.dataset.state = state;
      const actions = { clear: () => this.clear(), go: (to, step) => this.#go(to, step) };
      const inside = chosen ? detailsOf(chosen, this.#model, shown, actions) : hint();
      this.#details.replaceChildren(...inside);
      this.#details.scrollTop = 0;
    }

    // ---- the chosen statement -------------------------------------------------------------------

    /** Marks one statement as chosen or as no longer so, wherever it is shown. */
    #mark(statement) {
      const isShown = (each) => this.#isShown(each);
      for (const stretch of this.#article.stretchesOf.get(statement) ?? []) {
        paint(stretch, isShown, this.#selected);
      }
      const isChosen = statement === this.#selected;
      this.#article.chips.get(statement.id)?.setAttribute("aria-pressed", String(isChosen));
      for (const { voice, links } of this.#speakers) {
        if (voice !== statement.voice) continue;
        const link = links.find((each) => each.statement === statement);
        link.item.classList.toggle("quoth-current", isChosen);
      }
    }

    #choose(statement) {
      const before = this.#selected;
      this.#selected = statement;
      if (before) this.#mark(before);
      if (statement) this.#mark(statement);
      this.#element.classList.toggle("quoth-has-selection", statement !== null);
    }

    #dropSelection() {
      this.#choose(null);
      history.replaceState(history.state, "", location.href.split("#")[0]);
    }

    #select(statement) {
      if (!this.#isShown(statement)) {
        this.#showAll();
        this.#filter();
      }
      this.#choose(statement);
      this.#showDetails();
      history.replaceState(history.state, "", `#${encodeURIComponent(statement.anchor)}`);
      this.#article.chips.get(statement.id)?.scrollIntoView({ block: "nearest" });
    }

    #selectHash() {
      const hash = location.hash.slice(1);
      const named = (each) => encodeURIComponent(each.anchor) === hash || each.anchor === hash;
      const statement = this.#model.statements.find(named);
      if (statement) this.#select(statement);
    }

    /** Goes to the statement before or behind; the focus stays on the button that was pressed. */
    #go(statement, step) {
      this.#select(statement);
      const button = this.#details.querySelector(`[data-step="${step}"]:not([disabled])`);
      (button ?? this.#details.querySelector(".quoth-step:not([disabled])"))?.focus();
    }

    // ---- mouse and keys -------------------------------------------------------------------------

    #listen() {
      const { signal } = this.#ending;
      this.#article.element.addEventListener("click", (event) => this.#clicked(event));
      this.#element.addEventListener("click", (event) => this.#followed(event), { signal });
      this.#element.addEventListener("keydown", (event) => this.#walk(event), { signal });
      const escape = (event) => event.key === "Escape" && this.clear();
      document.addEventListener("keydown", escape, { signal });
      addEventListener("hashchange", () => this.#selectHash(), { signal });
    }

    #clicked(event) {
      const chip = event.target.closest(".quoth-chip");
      if (chip) {
        this.select(chip.dataset.statement);
        return;
      }
      if (!getSelection().isCollapsed) return; // words are being marked, as for copying
      const stretch = this.#article.stretches.find((each) => each.element === event.target);
      if (!stretch?.layers.length) return;
      // A second click goes on to the statement around.
      const place = stretch.layers.indexOf(this.#selected);
      this.#select(stretch.layers[(place + 1) % stretch.layers.length]);
      this.#article.chips.get(this.#selected.id).focus({ preventScroll: true });
    }

    /** A link to a statement; the hash would not change where it names that statement already. */
    #followed(event) {
      const link = event.target.closest("a[data-statement]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.select(link.dataset.statement);
    }

    #walk(event) {
      const chip = event.target.closest(".quoth-chip");
      if (!chip || event.altKey || event.ctrlKey || event.metaKey) return;
      const chips = [...this.#article.element.querySelectorAll(".quoth-chip:not([hidden])")];
      const place = chips.indexOf(chip);
      const places = {
        ArrowRight: place + 1,
        ArrowDown: place + 1,
        ArrowLeft: place - 1,
        ArrowUp: place - 1,
        Home: 0,
        End: chips.length - 1,
      };
      if (!(event.key in places)) return;
      event.preventDefault();
      chips[places[event.key]]?.focus();
    }

    // ---- for those who render -------------------------------------------------------------------

    select(statementId) {
      this.#select(this.#model.byId.get(statementId));
    }

    clear() {
      if (!this.#selected) return;
      const chip = this.#article.chips.get(this.#selected.id);
      const hadFocus = this.#details.contains(document.activeElement);
      this.#dropSelection();
      this.#showDetails();
      if (hadFocus) chip?.focus();
    }

    destroy() {
      this.#ending.abort();
      if (this.#selected) this.#dropSelection();
      views.delete(this.#element);
      this.#element.classList.remove("quoth-view");
      this.#element.replaceChildren();
    }
  }

  return (element, data) => {
    views.get(element)?.destroy();
    const view = new View(element, data);
    views.set(element, view);
    return view;
  };
})();
