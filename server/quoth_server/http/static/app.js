/* The live page: sends what the form holds to the service, by Connect's JSON, and shows the answer.
 *
 * Everything that comes from an article, a file or the server goes into the page as text. The
 * token is kept in its field and nowhere else.
 */
"use strict";

globalThis.quothPage = (() => {
  const { errorWords, languageName, number, withProtoNames } = quothService;
  const FIELDS = {
    "article.body": "body",
    "article.title": "title",
    "article.publish_date": "published",
  };
  const BYTES_PER_CHARACTER = 4;
  const PAGE = /^\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*)*<(?:!doctype\s+html|html)[\s>]/i;

  /** Calls a method of the service; names in the answer are those of the contract. */
  async function call(method, request, options) {
    return withProtoNames(await quothService.call("AttributionService", method, request, options));
  }

  /** A day of a date field, `2026-05-14`, as the contract has it. */
  function calendarDate(text) {
    const [year, month, day] = text.split("-").map(Number);
    return { year, month, day };
  }

  /** The text of a file, and how it was read; null if it is not text. */
  function textOf(bytes) {
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
      return text.includes("\0") ? null : { text, encoding: "UTF-8" };
    } catch {
      const text = new TextDecoder("windows-1252").decode(bytes);
      return text.includes("\0") ? null : { text, encoding: "Windows-1252" };
    }
  }

  /** What is wrong with a field, in plain words. */
  function fieldWords({ reason, description }, figures) {
    const words = {
      EMPTY_BODY: "No text yet. Paste an article, or drop a file.",
      BODY_TOO_LONG: `The text has ${number(figures.bodyCharacters)} characters but may have at most ${number(figures.maxBodyCharacters)}. Send it in parts.`,
      FIELD_TOO_LONG: `This may have ${number(figures.maxCharacters)} characters. Shorten it.`,
      UNSUPPORTED_LANGUAGE: `The text seems to be in ${languageName(figures.languageCode ?? "und")}. Only English is read.`,
      INVALID_PUBLISH_DATE: "This is not a day in the years 1 to 9999.",
    };
    return words[reason] ?? description ?? "The server does not accept this.";
  }

  function start() {
    const get = (id) => document.getElementById(id);
    const [form, body, file, result, message] = ["form", "body", "file", "result", "message"].map(get);
    let limits = { max_body_characters: 200_000 };
    let running = null;
    let shown = null;
    let name = "";

    function say(words, kind = "") {
      message.textContent = words;
      message.dataset.kind = kind;
    }

    function mark(id, words) {
      get(id).setAttribute("aria-invalid", String(Boolean(words)));
      get(`${id}-error`).textContent = words;
      get(`${id}-error`).hidden = !words;
    }

    function clearMarks() {
      for (const id of ["body", "title", "published", "token"]) mark(id, "");
    }

    function askForToken(words = "") {
      get("token-field").hidden = false;
      mark("token", words);
    }

    function count() {
      const characters = Array.from(body.value).length;
      get("count").textContent = `${number(characters)} of at most ${number(limits.max_body_characters)} characters`;
    }

    function nameFile(words) {
      get("file-name").textContent = words;
      get("file-name").hidden = !words;
    }

    function setText(text, from, encoding = "UTF-8") {
      body.value = text;
      name = from;
      nameFile(encoding === "UTF-8" ? from : `${from}, read as ${encoding}`);
      clearMarks();
      count();
    }

    async function take(given) {
      if (given.size > BYTES_PER_CHARACTER * limits.max_body_characters) {
        mark("body", `The file has ${number(given.size)} bytes; a text may have ${number(limits.max_body_characters)} characters.`);
        return;
      }
      const read = textOf(await given.arrayBuffer());
      if (!read) {
        mark("body", "The file is not text. Save the article as plain text (.txt) first.");
        return;
      }
      if (PAGE.test(read.text)) {
        mark("body", "The file is an HTML page. Open it in a browser and copy the article, or read it with the command quoth attribute.");
        return;
      }
      get("title").value = "";
      setText(read.text, given.name, read.encoding);
      say("");
      body.focus();
    }

    function article() {
      const day = get("published").value;
      return {
        body: body.value.toWellFormed?.() ?? body.value,
        ...(get("title").value.trim() ? { title: get("title").value.trim() } : {}),
        ...(day ? { publishDate: calendarDate(day) } : {}),
      };
    }

    function busy(yes) {
      get("submit").disabled = yes;
      get("cancel").hidden = !yes;
      get("progress").hidden = !yes;
      result.setAttribute("aria-busy", String(yes));
    }

    function show(sent, answer) {
      shown = { article: withProtoNames(sent), response: answer, name: name || "Pasted text" };
      result.hidden = false;
      globalThis.quothView.render(result, shown);
      get("download").hidden = false;
      const found = answer.statements?.length ?? 0;
      say(`${found} statement${found === 1 ? "" : "s"} found.`);
      result.focus({ preventScroll: true });
      const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
      result.scrollIntoView({ behavior: calm ? "instant" : "smooth" });
    }

    function refuse(error) {
      if (error.code === "unauthenticated") {
        askForToken(get("token").value ? "The server does not accept this token." : "The server requires a token.");
        say("");
        get("token").focus();
        return;
      }
      const known = (error.violations ?? []).filter(({ field }) => FIELDS[field]);
      for (const violation of known) mark(FIELDS[violation.field], fieldWords(violation, error.figures));
      say(known.length ? "" : errorWords(error), "error");
      if (known.length) get(FIELDS[known[0].field]).focus();
    }

    async function attribute() {
      if (running) return;
      clearMarks();
      running = new AbortController();
      busy(true);
      say("Reading the article…");
      const sent = article();
      const request = { article: sent, options: { offsetEncoding: "OFFSET_ENCODING_UTF32" } };
      try {
        const answer = await call("AttributeQuotes", request, {
          token: get("token").value.trim(),
          signal: running.signal,
        });
        show(sent, answer);
      } catch (error) {
        if (error.name === "AbortError") say("Canceled.");
        else refuse(error);
      } finally {
        running = null;
        busy(false);
      }
    }

    async function sample() {
      const response = await fetch("sample.txt").catch(() => null);
      if (!response?.ok) {
        say("The server does not respond. Is it still running?", "error");
        return;
      }
      setText(await response.text(), "Sample article");
      get("title").value = "";
      get("published").value = "";
      await attribute();
    }

    function download() {
      const { article: sent, response } = shown;
      const blob = new Blob([JSON.stringify({ article: sent, response }, null, 2)], { type: "application/json" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(blob);
      link.download = "quoth.json";
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    }

    async function meet() {
      try {
        const info = await call("GetServerInfo", {});
        limits = { ...limits, ...info.limits };
        get("archive-link").hidden = !info.capabilities?.archive;
        get("server").textContent = `The text is sent to this server only, and not kept. quoth-server ${info.server_version}.`;
      } catch (error) {
        if (error.code === "unauthenticated") askForToken();
        else if (error.reason === "NOT_READY") setTimeout(meet, 2000);
      }
      count();
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      attribute();
    });
    body.addEventListener("input", () => {
      if (!body.value) name = "";
      nameFile(name);
      mark("body", "");
      count();
    });
    body.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) attribute();
    });
    get("sample").addEventListener("click", sample);
    get("open").addEventListener("click", () => file.click());
    get("cancel").addEventListener("click", () => running?.abort());
    get("download").addEventListener("click", download);
    file.addEventListener("change", async () => {
      if (file.files[0]) await take(file.files[0]);
      file.value = "";
    });

    const holdsFile = (event) => event.dataTransfer?.types.includes("Files");
    document.addEventListener("dragover", (event) => {
      if (!holdsFile(event)) return;
      event.preventDefault();
      document.documentElement.classList.add("dropping");
    });
    for (const end of ["dragleave", "drop"]) {
      document.addEventListener(end, () => document.documentElement.classList.remove("dropping"));
    }
    document.addEventListener("drop", async (event) => {
      if (!holdsFile(event)) return;
      event.preventDefault();
      const [given] = event.dataTransfer.files;
      if (given) await take(given);
    });

    count();
    meet();
  }

  start();
  return { withProtoNames, textOf };
})();
