/* The page of an archive: asks ArchiveService by Connect's JSON, and shows the answers.
 *
 * The token comes from the address (`#token=…`) or its field; it is kept in the page alone, and
 * taken out of the address.
 */
"use strict";

globalThis.quothArchive = (() => {
  const { errorWords, number } = quothService;
  const parts = quothParts;
  const get = (id) => document.getElementById(id);
  const PAGE_SIZE = 20;

  let token = "";
  let hasText = false;
  let onlyPerson = null;
  let view = "search";
  let cameFrom = null;
  let shown = null; // the view of an article, while one is open

  async function call(method, request) {
    const answer = await quothService.call("ArchiveService", method, request, { token });
    if (answer.archive) hasText = answer.archive.hasText ?? false;
    return answer;
  }

  function say(name, words, kind = "") {
    get(`${name}-message`).textContent = words;
    get(`${name}-message`).dataset.kind = kind;
  }

  function refused(name, error) {
    if (error.code === "unauthenticated") {
      get("token-form").hidden = false;
      say(name, token ? "The server does not accept this token." : "The server requires a token.", "error");
      get("token").focus();
      return;
    }
    say(name, error.reason === "NO_ARCHIVE" ? "This server has no archive." : errorWords(error), "error");
  }

  /** Runs one question at a time of each view: an answer that is overtaken is not shown. */
  const latest = {};
  async function asking(name, work) {
    const turn = (latest[name] ?? 0) + 1;
    latest[name] = turn;
    say(name, "Looking…");
    try {
      const show = await work();
      if (latest[name] === turn) show();
    } catch (error) {
      if (latest[name] === turn) refused(name, error);
    }
  }

  // ---- views --------------------------------------------------------------------------------------

  function show(name) {
    view = name;
    for (const each of document.querySelectorAll("[data-panel]")) each.hidden = each.dataset.panel !== name;
    for (const each of document.querySelectorAll("[data-view]")) {
      if (each.dataset.view === name) each.setAttribute("aria-current", "page");
      else each.removeAttribute("aria-current");
    }
    get("opened").hidden = true;
    shown?.destroy();
    shown = null;
  }

  function calendarDate(text) {
    const [year, month, day] = text.split("-").map(Number);
    return { year, month, day };
  }

  /** What a form asks for. Names begin with `filter-`, as `contains`, also as an id, would hide what a form has. */
  function filterOf(form) {
    const filter = {};
    for (const [field, given] of new FormData(form)) {
      const name = field.replace("filter-", "");
      const text = String(given).trim().toWellFormed?.() ?? String(given).trim();
      if (!text || name === "order") continue;
      if (name === "since" || name === "until") filter[name] = calendarDate(text);
      else if (name === "minConfidence") filter[name] = Number(text);
      else if (name.endsWith("s") && name !== "contains") filter[name] = [text];
      else filter[name] = text;
    }
    return filter;
  }

  // ---- search -------------------------------------------------------------------------------------

  let next = null;

  function search() {
    const filter = filterOf(get("search"));
    if (onlyPerson) filter.personId = onlyPerson.personId;
    return searchPage({ filter, order: get("order").value, pageSize: PAGE_SIZE }, true);
  }

  function searchPage(request, isFirst) {
    return asking("search", async () => {
      const answer = await call("SearchStatements", request);
      return () => {
        const items = (answer.statements ?? []).map((each) => parts.hit(each, hasText, actions));
        if (isFirst) get("hits").replaceChildren();
        get("hits").append(...items);
        next = answer.nextPageToken ? { ...request, pageToken: answer.nextPageToken } : null;
        get("more").hidden = !next;
        const shown = get("hits").children.length;
        const total = answer.totalSize ?? 0;
        say("search", total ? `${number(total)} found, ${number(shown)} shown.` : "Nothing matches.");
        if (!isFirst) items[0]?.querySelector("button")?.focus();
      };
    });
  }

  function setPerson(person) {
    onlyPerson = person;
    get("only-person").hidden = !person;
    get("only-person").textContent = person ? `Only statements of ${person.displayName}. “Clear” takes this away.` : "";
  }

  // ---- people -------------------------------------------------------------------------------------

  let nextPeople = null;

  function people() {
    const { name, types } = filterOf(get("people"));
    get("person").hidden = true;
    return peoplePage({ name, types, pageSize: PAGE_SIZE }, true);
  }

  function peoplePage(request, isFirst) {
    return asking("people", async () => {
      const answer = await call("ListPeople", request);
      return () => {
        const items = (answer.people ?? []).map((each) => parts.listed(each, actions));
        if (isFirst) get("people-list").replaceChildren();
        get("people-list").append(...items);
        nextPeople = answer.nextPageToken ? { ...request, pageToken: answer.nextPageToken } : null;
        get("more-people").hidden = !nextPeople;
        say("people", answer.totalSize ? `${number(answer.totalSize)} found.` : "Nobody matches.");
        if (!isFirst) items[0]?.querySelector("button")?.focus();
      };
    });
  }

  function person(personId, isNew = true) {
    if (isNew) note({ view: "people", personId });
    show("people");
    return asking("people", async () => {
      const [{ person: found }, counts] = await Promise.all([
        call("GetPerson", { personId }),
        call("CountStatements", { filter: { personId }, maxPeople: 1 }),
      ]);
      return () => {
        get("person").replaceChildren(...parts.person(found, counts, actions));
        get("person").hidden = false;
        get("person").focus();
        say("people", "");
      };
    });
  }

  // ---- counts and verify --------------------------------------------------------------------------

  function counts() {
    return asking("counts", async () => {
      const answer = await call("CountStatements", { filter: filterOf(get("counts")), maxPeople: 20 });
      return () => {
        const total = answer.totalSize ?? 0;
        const made = total
          ? [parts.audit(answer), parts.speakers(answer, actions), parts.months("All statements by month", answer.months ?? [])]
          : [];
        get("tables").replaceChildren(...made);
        say("counts", total ? `${number(total)} counted.` : "Nothing matches.");
      };
    });
  }

  function verify() {
    get("places").replaceChildren();
    const form = new FormData(get("verify"));
    const quotation = String(form.get("quotation")).trim();
    if (!quotation) {
      say("verify", "No quotation yet.", "error");
      get("quotation").focus();
      return Promise.resolve();
    }
    return asking("verify", async () => {
      const answer = await call("VerifyQuote", { quotation, speaker: String(form.get("speaker")).trim() });
      return () => {
        get("places").replaceChildren(...(answer.places ?? []).map((each) => parts.place(each, hasText, actions)));
        say("verify", parts.outcomeWords(answer));
      };
    });
  }

  // ---- an article ---------------------------------------------------------------------------------

  function open(archived, isNew = true) {
    if (isNew) note({ view, archived });
    cameFrom = document.activeElement;
    const before = get(`${view}-message`).textContent;
    return asking(view, async () => {
      const answer = await call("GetArchivedArticle", { archiveStatementId: archived.archiveStatementId });
      return () => {
        say(view, before);
        for (const each of document.querySelectorAll("[data-panel]")) each.hidden = true;
        get("opened").hidden = false;
        if (answer.body) showText(answer, archived);
        else showPassage(answer, archived);
      };
    });
  }

  function showText(answer, archived) {
    say("opened", "The article as the archive has it.");
    get("opened-title").textContent = "Article";
    shown = quothView.render(get("article"), parts.articleOf(answer));
    get("opened").focus({ preventScroll: true });
    shown.select(archived.statement?.statementId ?? "");
    document.querySelector("#article .quoth-chip[aria-pressed=true]")?.scrollIntoView({ block: "center" });
  }

  function showPassage(answer, archived) {
    say("opened", "The archive does not include article texts. This is the passage it has.");
    get("opened-title").textContent = answer.article?.title || answer.article?.articleId || "Article";
    get("article").replaceChildren(parts.passage(answer, archived.archiveStatementId));
    get("opened").focus();
    scrollTo(0, 0);
  }

  // ---- the browser's Back and Forward -------------------------------------------------------------

  const loaded = { people: false, counts: false };

  function note(place) {
    history.pushState(place, "");
  }

  function enter(name) {
    show(name);
    get("person").hidden = true;
    if (loaded[name] === false) ({ people, counts })[name]();
    if (name in loaded) loaded[name] = true;
  }

  function returned({ state }) {
    const { view: name, personId, archived } = state ?? { view: "search" };
    if (archived) {
      show(name);
      open(archived, false);
    } else if (personId) person(personId, false);
    else {
      enter(name);
      cameFrom?.focus();
    }
  }

  const actions = {
    open,
    person,
    statements(found) {
      get("search").reset();
      setPerson(found);
      note({ view: "search" });
      show("search");
      get("search-title").scrollIntoView();
      search();
    },
  };

  // ---- beginning ----------------------------------------------------------------------------------

  async function meet() {
    try {
      const answer = await call("SearchStatements", { pageSize: 1 });
      const { statements = 0, articles = 0 } = answer.archive ?? {};
      const text = hasText ? "with their text" : "without their text";
      get("state").textContent = `An archive of ${number(statements)} statements in ${number(articles)} articles, ${text}.`;
      get("token-form").hidden = true;
      await search();
    } catch (error) {
      refused("search", error);
    }
  }

  function start() {
    const given = /^#token=([\w.~+/-]+=*)$/.exec(location.hash);
    if (given) {
      token = given[1];
    }
    history.replaceState({ view }, "", location.pathname + location.search);
    addEventListener("popstate", returned);
    for (const each of document.querySelectorAll("[data-view]")) {
      each.addEventListener("click", () => {
        note({ view: each.dataset.view });
        enter(each.dataset.view);
      });
    }
    for (const [name, run] of Object.entries({ search, people, counts, verify })) {
      get(name).addEventListener("submit", (event) => {
        event.preventDefault();
        run();
      });
    }
    get("search").addEventListener("reset", () => setPerson(null));
    get("more").addEventListener("click", () => next && searchPage(next, false));
    get("more-people").addEventListener("click", () => nextPeople && peoplePage(nextPeople, false));
    get("back").addEventListener("click", () => history.back());
    get("token-form").addEventListener("submit", (event) => {
      event.preventDefault();
      token = get("token").value.trim();
      meet();
    });
    meet();
  }

  start();
  return { filterOf };
})();
