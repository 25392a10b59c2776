/* The words for what an answer holds: kinds, roles, dates, likelihoods. */
"use strict";

globalThis.quothView = {};

quothView.words = (() => {
  const KINDS = ["direct", "mixed", "indirect"];

  const KIND_MEANINGS = {
    direct: "their own words, in quotation marks",
    mixed: "a paraphrase with some of their own words",
    indirect: "a paraphrase",
  };

  const FACTUALITIES = {
    ASSERTED: "said",
    DENIED: "denied",
    NEGATED: "said nothing about this",
    FUTURE: "not yet said",
    HYPOTHETICAL: "hypothetical",
    ASKED: "asked",
  };

  // Lemmas of cues that call the words untrue; with a "not" before them, nothing is denied.
  const DENYING = ["deny", "dispute", "dismiss", "rebut", "refute", "reject", "repudiate"];

  const SPEAKER_TYPES = {
    PERSON: "person",
    ORGANIZATION: "organization",
    GROUP: "group",
    DOCUMENT: "document",
    UNNAMED: "unnamed source",
    PLACE: "place, for its government",
  };

  const STATUSES = {
    CURRENT: "current",
    FORMER: "former",
    ACTING: "acting",
    PROSPECTIVE: "incoming",
  };

  const MEDIUM_TYPES = {
    INTERVIEW: "interview",
    WRITTEN_STATEMENT: "written statement",
    PUBLIC_REMARKS: "public remarks",
    SOCIAL_MEDIA: "social media",
    DOCUMENT: "document",
    BROADCAST: "broadcast",
  };

  const BASES = {
    CUE: "given with the attribution",
    CONTEXT: "day of the event, from an earlier sentence",
  };

  const REJECTIONS = {
    SCARE_QUOTES: "scare quotes",
    TITLE: "title of a work",
    NAME: "name",
    TERM: "term",
    MOTTO: "motto or words on a sign",
    PROVERB: "proverb",
    HYPOTHETICAL: "imagined",
    UNATTRIBUTED: "no speaker given",
  };

  // A server's own message is for developers and names fields.
  const NOTICES = {
    UNBALANCED_QUOTATION_MARKS: "This quotation mark is not closed in its paragraph.",
    NO_PUBLISH_TIME: "The publication day is not known, so words such as “Tuesday” have no date.",
    AMBIGUOUS_SPEAKER: "Two speakers fit about equally well here, so neither is named.",
    AMBIGUOUS_KNOWN_SPEAKER: "Several known speakers fit this speaker equally well, so none is chosen.",
  };

  const MONTHS =
    "January February March April May June July August September October November December".split(
      " ",
    );

  const WEEKDAYS = "Sunday Monday Tuesday Wednesday Thursday Friday Saturday".split(" ");

  /** The name of an enum's value without its prefix; "" for unset, its number for a newer one. */
  function value(prefix, name) {
    if (name === undefined || name === 0) return "";
    const short = String(name).replace(`${prefix}_`, "");
    return short === "UNSPECIFIED" ? "" : short;
  }

  /** The words for an enum's value; a value of a newer server is given as it came. */
  function enumWords(words, prefix, name) {
    const short = value(prefix, name);
    return words[short] ?? short.toLowerCase().replaceAll("_", " ");
  }

  /** Whether it was said. Of words quoted verbatim it is never claimed that they were not. */
  function factualityWords({ factuality, kind, cue }) {
    if (value("FACTUALITY", factuality) !== "NEGATED") {
      return enumWords(FACTUALITIES, "FACTUALITY", factuality);
    }
    const said = cue?.lemma?.split(" ") ?? []; // "do not deny", "have not yet say"
    if (said.some((word) => DENYING.includes(word))) return "did not deny";
    if (value("STATEMENT_KIND", kind) !== "INDIRECT") return "check whether this was said";
    return said.includes("yet") ? FACTUALITIES.FUTURE : FACTUALITIES.NEGATED;
  }

  /** A note for readers; one of a newer server as the server words it. */
  function noticeWords({ reason, message }) {
    return NOTICES[value("NOTICE_REASON", reason)] ?? plain(message);
  }

  function count(number, noun) {
    return `${number} ${noun}${number === 1 ? "" : "s"}`;
  }

  /** `Thursday, May 14, 2026`, `week of Monday, …`, `May 2026` or `2026`. */
  function calendarWords(date, granularity) {
    if (!date.month) return String(date.year);
    const month = MONTHS[date.month - 1];
    if (!date.day) return `${month} ${date.year}`;
    const day = new Date(0);
    day.setUTCFullYear(date.year, date.month - 1, date.day);
    const words = `${WEEKDAYS[day.getUTCDay()]}, ${month} ${date.day}, ${date.year}`;
    return value("DATE_GRANULARITY", granularity) === "WEEK" ? `week of ${words}` : words;
  }

  function anchorWords(anchor) {
    if (!anchor?.date) return "Publication day not known";
    const read = value("ANCHOR_BASIS", anchor.basis) === "TEXT" ? ", according to the article" : "";
    return `Published ${calendarWords(anchor.date)}${read}`;
  }

  function percent(probability) {
    return `${Math.round(100 * (probability ?? 0))}%`;
  }

  function likelyWords(probability) {
    const bounds = [
      [0.9, "very likely"],
      [0.75, "likely"],
      [0.5, "rather likely"],
      [0.25, "unsure"],
    ];
    return bounds.find(([least]) => (probability ?? 0) >= least)?.[1] ?? "doubtful";
  }

  /** White space run together, as the lines of an article are of no matter outside it. */
  function plain(text) {
    return (text ?? "").replace(/\s+/g, " ").trim();
  }

  /** Whether two texts have the same words, whatever marks and letters of what case they have. */
  function sameWords(a, b) {
    const words = (text) => (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []).join(" ");
    return words(a) === words(b);
  }

  function shortened(text, longest) {
    const points = Array.from(text);
    return points.length > longest
      ? `${points
          .slice(0, longest - 1)
          .join("")
          .trim()}\u2026`
      : text;
  }

  return {
    KINDS,
    KIND_MEANINGS,
    SPEAKER_TYPES,
    STATUSES,
    MEDIUM_TYPES,
    BASES,
    REJECTIONS,
    value,
    enumWords,
    factualityWords,
    noticeWords,
    count,
    calendarWords,
    anchorWords,
    percent,
    likelyWords,
    plain,
    sameWords,
    shortened,
  };
})();
