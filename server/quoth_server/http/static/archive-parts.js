/* What the page of an archive shows: hits, people, counts and places, each made of one answer.
 *
 * All that comes from an article or the server goes into the page as text, and no style is set.
 */
"use strict";

globalThis.quothParts = (() => {
  const { SPEAKER_TYPES, STATUSES, calendarWords, count, enumWords, factualityWords, percent, plain, value } =
    quothView.words;
  const { make, foreign } = quothView.elements;
  const { number, withProtoNames } = quothService;

  const LEVELS = 5;
  const GAP = "[…]"; // stands for words between two parts of a statement
  const MOST_MONTHS = 24;
  const MOST_COLUMNS = 12; // of months, which fit beside the names

  // Whom a statement is attributed to, for the audit of sources.
  const SOURCES = [
    ["PERSON", "Named people", true],
    ["ORGANIZATION", "Organizations", true],
    ["PLACE", "Places, for their governments", true],
    ["DOCUMENT", "Documents", true],
    ["GROUP", "Groups, such as “residents”", false],
    ["UNNAMED", "Unnamed sources", false],
    ["", "Speaker not known", false],
  ];

  const OUTCOMES = {
    VERBATIM: "Verbatim: the articles have these words.",
    ALTERED: "Altered: the articles have most of these words.",
    PARAPHRASED: "Paraphrased: the articles report it in other words.",
    OTHER_SPEAKER: "Another speaker: the articles have the words, but not from this speaker.",
    IN_PART: "In part: only part of it matches.",
    NOT_FOUND: "Not found: these articles do not have it, which does not mean that it is false.",
  };
  const DIFFERENCES = { REPLACED: "has other words", ADDED: "has more words", MISSING: "lacks words" };
  const AGREEMENTS = { SAME: "this speaker", OTHER: "another speaker", UNKNOWN: "speaker not known" };

  function button(words, click, attributes = {}) {
    return make("button", { type: "button", ...attributes, on: { click } }, words);
  }

  function facts(...given) {
    const items = given.filter(Boolean).map((each) => make("li", {}, each));
    return make("ul", { class: "facts" }, ...items);
  }

  function dayOf({ statement, article }) {
    if (statement?.date?.date) {
      return `said ${calendarWords(statement.date.date, statement.date.granularity)}`;
    }
    return article?.anchorDate ? `published ${calendarWords(article.anchorDate)}` : "day not known";
  }

  function contentOf(statement) {
    return (statement?.contentSpans ?? []).map(({ text }) => plain(text)).join(` ${GAP} `);
  }

  /** What was said, between marks where all of it is quoted. */
  function saidOf(statement) {
    const content = contentOf(statement);
    if (value("STATEMENT_KIND", statement.kind) !== "DIRECT" || !content) return content;
    return `\u201c${content.replaceAll(` ${GAP} `, `\u201d ${GAP} \u201c`)}\u201d`;
  }

  function placeWords(statement) {
    const spans = statement?.contentSpans ?? [];
    const last = spans.at(-1);
    return last?.endOffset ? `characters ${number(spans[0].startOffset ?? 0)}–${number(last.endOffset)}` : "";
  }

  /** A statement of the archive. `actions` has `open(statement)` and `person(personId)`. */
  function hit(archived, hasText, actions, ...more) {
    const { statement = {}, speaker, article = {}, personId } = archived;
    const mention = plain(statement.speaker?.span?.text);
    const name = plain(speaker?.displayName) || mention || "Speaker not known";
    const given = plain(speaker?.roles?.[0]?.span?.text);
    const role = name.toLowerCase().includes(given.toLowerCase()) ? "" : given;
    const title = plain(article.title) || plain(article.articleId) || "an article without a title";
    const factuality = value("FACTUALITY", statement.factuality);
    return make(
      "li",
      {},
      make(
        "p",
        { class: "who" },
        personId ? button(foreign(name), () => actions.person(personId), { class: "as-link" }) : make("strong", {}, foreign(name)),
        role ? make("span", {}, ", ", foreign(role)) : "",
      ),
      make("blockquote", {}, foreign(saidOf(statement))),
      ...more,
      facts(
        enumWords({}, "STATEMENT_KIND", statement.kind),
        factuality && factuality !== "ASSERTED" ? factualityWords(statement) : "",
        dayOf(archived),
        foreign(title),
        placeWords(statement),
        `${percent(statement.confidence)} sure`,
      ),
      button(hasText ? "Open the article here" : "Show the passage", () => actions.open(archived), {
        "aria-label": `${hasText ? "Open the article here" : "Show the passage"}: ${title}`,
      }),
    );
  }

  /** One place of a quotation. */
  function place(found, hasText, actions) {
    const wording = value("VERIFY_OUTCOME", found.wording).toLowerCase().replaceAll("_", " ");
    const differences = (found.differences ?? []).map(({ kind, quoted, said }) =>
      make(
        "li",
        {},
        `The quotation ${enumWords(DIFFERENCES, "DIFFERENCE_KIND", kind)}: `,
        quoted ? make("ins", {}, foreign(plain(quoted.text))) : "",
        quoted && said ? " for " : "",
        said ? make("del", {}, foreign(plain(said.text))) : "",
      ),
    );
    const overlooked = (found.normalizations ?? [])
      .map((each) => enumWords({}, "NORMALIZATION", each))
      .join(", ");
    const context =
      found.contextBefore || found.contextAfter
        ? make(
            "p",
            { class: "context" },
            foreign(plain(found.contextBefore)),
            /\s$/.test(found.contextBefore ?? "") ? " " : "",
            make("mark", {}, foreign(contentOf(found.statement?.statement))),
            /^\s/.test(found.contextAfter ?? "") ? " " : "",
            foreign(plain(found.contextAfter)),
          )
        : "";
    return hit(
      found.statement ?? {},
      hasText,
      actions,
      context,
      differences.length ? make("ul", { class: "differences" }, ...differences) : "",
      facts(
        make("strong", {}, wording),
        enumWords(AGREEMENTS, "SPEAKER_AGREEMENT", found.speakerAgreement),
        overlooked ? `ignored: ${overlooked}` : "",
      ),
    );
  }

  function outcomeWords({ outcome, totalPlaces = 0 }) {
    const words = enumWords(OUTCOMES, "VERIFY_OUTCOME", outcome);
    return totalPlaces ? `${words} ${count(totalPlaces, "place")}.` : words;
  }

  function days({ firstDay, lastDay }) {
    if (!firstDay) return "days not known";
    const first = isoDay(firstDay);
    const last = isoDay(lastDay ?? firstDay);
    return first === last ? first : `${first} to ${last}`;
  }

  function isoDay({ year, month = 0, day = 0 }) {
    const two = (each) => String(each).padStart(2, "0");
    return [String(year).padStart(4, "0"), month ? two(month) : "", day ? two(day) : ""].filter(Boolean).join("-");
  }

  function listed(person, actions) {
    return make(
      "li",
      {},
      button(foreign(plain(person.displayName)), () => actions.person(person.personId), { class: "as-link" }),
      facts(
        enumWords(SPEAKER_TYPES, "SPEAKER_TYPE", person.type),
        count(person.statements ?? 0, "statement"),
        count(person.articles ?? 0, "article"),
        days(person),
      ),
    );
  }

  function cells(row, tag = "td") {
    return row.map((each) => make(tag, tag === "th" ? { scope: "col" } : {}, each));
  }

  function table(caption, head, rows) {
    return make(
      "div",
      { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
      make(
        "table",
        {},
        make("caption", {}, caption),
        make("thead", {}, make("tr", {}, ...cells(head, "th"))),
        make("tbody", {}, ...rows),
      ),
    );
  }

  function row(name, ...values) {
    return make("tr", {}, make("th", { scope: "row" }, name), ...cells(values));
  }

  function bar(share, words) {
    return make(
      "span",
      { class: "share" },
      make("meter", { min: 0, max: 1, value: share, "aria-hidden": true }),
      words,
    );
  }

  /** A person with their roles over time, and how much they say by month. */
  function person(found, counts, actions) {
    const roles = (found.roles ?? []).map((role) =>
      row(
        foreign(plain(role.role)),
        foreign(plain(role.organization)),
        enumWords(STATUSES, "ROLE_STATUS", role.status),
        make("span", {}, ...days(role).split(/( to )/).map((each) => make("span", { class: "day" }, each))),
        number(role.statements ?? 0),
      ),
    );
    const ids = Object.entries(found.externalIds ?? {}).map(([name, id]) => `${name}: ${id}`);
    return [
      make("h3", {}, foreign(plain(found.displayName))),
      facts(
        enumWords(SPEAKER_TYPES, "SPEAKER_TYPE", found.type),
        count(found.statements ?? 0, "statement"),
        count(found.articles ?? 0, "article"),
        days(found),
        found.aliases?.length ? foreign(`also: ${found.aliases.map(plain).join(", ")}`) : "",
        ids.length ? foreign(ids.join(", ")) : "",
      ),
      button("Their statements", () => actions.statements(found)),
      roles.length
        ? table("Roles over time", ["Role", "Organization", "Status", "Days", "Statements"], roles)
        : make("p", {}, "The articles give no role."),
      months("Statements by month", counts.months ?? []),
    ];
  }

  function months(caption, counted) {
    if (!counted.length) return make("p", {}, "No statement has a month.");
    const most = Math.max(...counted.map(({ statements }) => statements));
    const shown = counted.slice(-MOST_MONTHS);
    const left = shown.length < counted.length ? ` (the last ${MOST_MONTHS} of ${counted.length} with any)` : "";
    return table(
      caption + left,
      ["Month", "Statements"],
      shown.map(({ month, statements }) => row(isoDay(month), bar(statements / most, number(statements)))),
    );
  }

  /** The audit of sources: how much is attributed to whom, named and unnamed. */
  function audit({ totalSize = 0, speakerTypes = [] }) {
    const of = new Map(speakerTypes.map(({ type, statements }) => [value("SPEAKER_TYPE", type), statements]));
    const share = (statements) => bar(totalSize ? statements / totalSize : 0, percent(totalSize ? statements / totalSize : 0));
    const rows = SOURCES.map(([type, words]) => [words, of.get(type) ?? 0]);
    const sum = (named) =>
      SOURCES.filter(([, , isNamed]) => isNamed === named).reduce((all, [type]) => all + (of.get(type) ?? 0), 0);
    const all = [["All named sources", sum(true)], ["All unnamed sources", sum(false)], ...rows];
    return table(
      "Source audit",
      ["Source", "Statements", "Share"],
      all.map(([words, statements]) => row(words, number(statements), share(statements))),
    );
  }

  /** How much each speaker says in each month. */
  function speakers({ months: all = [], people = [] }, actions) {
    const shown = all.slice(-MOST_COLUMNS);
    const keys = shown.map(({ month }) => isoDay(month));
    const most = Math.max(1, ...people.flatMap((each) => (each.months ?? []).map(({ statements }) => statements)));
    const rows = people.map(({ person: who, statements, months: counted = [] }) => {
      const of = new Map(counted.map((each) => [isoDay(each.month), each.statements]));
      const name = button(foreign(plain(who.displayName)), () => actions.person(who.personId), { class: "as-link" });
      return make(
        "tr",
        {},
        make("th", { scope: "row" }, name),
        make("td", {}, number(statements)),
        ...keys.map((key) => {
          const here = of.get(key) ?? 0;
          return make("td", { data: { level: Math.ceil((here / most) * LEVELS) } }, here ? number(here) : "");
        }),
      );
    });
    const left = shown.length < all.length ? ` (the last ${MOST_COLUMNS} of ${all.length} months with any)` : "";
    return rows.length
      ? table(`Statements by speaker and month${left}`, ["Speaker", "All", ...keys], rows)
      : make("p", {}, "No speaker in these statements is named.");
  }

  /** What the view of an article is made of, from `GetArchivedArticleResponse`. */
  function articleOf({ article = {}, body = "", statements = [] }) {
    const speakers = new Map(
      statements.filter(({ speaker }) => speaker?.speakerId).map(({ speaker }) => [speaker.speakerId, speaker]),
    );
    return withProtoNames({
      article: { title: article.title, body, sourceUri: article.sourceUri, articleId: article.articleId },
      response: {
        statements: statements.map(({ statement }) => statement),
        speakers: [...speakers.values()],
        anchorDate: article.anchorDate ? { date: article.anchorDate } : undefined,
      },
      name: article.articleId || "Article",
    });
  }

  /** An article whose text the archive does not hold: its statements, the chosen one first. */
  function passage({ article = {}, statements = [] }, chosen) {
    const own = statements.filter(({ archiveStatementId }) => archiveStatementId === chosen);
    const others = statements.filter(({ archiveStatementId }) => archiveStatementId !== chosen);
    const list = (given) => make("ol", { class: "hits" }, ...given.map((each) => said(each)));
    const address = /^https?:\/\//i.test(article.sourceUri ?? "") ? article.sourceUri : "";
    return make(
      "div",
      { class: "found" },
      address
        ? make("p", {}, make("a", { href: address, rel: "noreferrer noopener", target: "_blank" }, foreign(address)))
        : "",
      make("h3", {}, "The passage"),
      list(own),
      others.length ? make("h3", {}, "Also said in this article") : "",
      others.length ? list(others) : "",
    );
  }

  function said(archived) {
    const item = hit(archived, false, { open() {}, person() {} });
    for (const each of item.querySelectorAll("button")) {
      if (each.classList.contains("as-link")) each.replaceWith(make("strong", {}, each.textContent));
      else each.remove();
    }
    return item;
  }

  return { articleOf, audit, hit, listed, months, outcomeWords, passage, person, place, speakers };
})();
