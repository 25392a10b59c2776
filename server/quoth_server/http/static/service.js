/* Calls of the service by Connect's JSON, and its errors in plain words; every page uses it. */
"use strict";

globalThis.quothService = (() => {
  /** JSON of Connect, whose names are camelCase, with the names of the contract: snake_case. */
  function withProtoNames(value) {
    if (Array.isArray(value)) return value.map(withProtoNames);
    if (value === null || typeof value !== "object") return value;
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [
        name.replace(/[A-Z]/g, (capital) => `_${capital.toLowerCase()}`),
        withProtoNames(inner),
      ]),
    );
  }

  /** What the service refused: its code, reason, figures and bad fields. */
  class Refusal extends Error {
    constructor({ code = "unknown", message = "", details = [] }) {
      super(message);
      const detail = (name) =>
        details.find(({ type }) => type === `google.rpc.${name}`)?.debug ?? {};
      this.code = code;
      this.reason = detail("ErrorInfo").reason ?? "";
      this.figures = detail("ErrorInfo").metadata ?? {};
      this.violations = detail("BadRequest").fieldViolations ?? [];
      this.seconds = Math.ceil(Number.parseFloat(detail("RetryInfo").retryDelay ?? "0"));
    }
  }

  /** Calls a method of a service; throws `Refusal`, or `TypeError` where nobody answers. */
  async function call(service, method, request, { token = "", signal } = {}) {
    const response = await fetch(`/quoth.v1.${service}/${method}`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Connect-Protocol-Version": "1",
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      body: JSON.stringify(request),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal,
    });
    const answer = await response.json().catch(() => ({}));
    if (!response.ok) throw new Refusal(answer);
    return answer;
  }

  function number(value) {
    return Number(value).toLocaleString("en-US");
  }

  function languageName(code) {
    try {
      return new Intl.DisplayNames(["en"], { type: "language" }).of(code);
    } catch {
      return code;
    }
  }

  /** What went wrong, in plain words. */
  function errorWords(error) {
    if (error instanceof TypeError) return "The server does not respond. Is it still running?";
    if (!(error instanceof Refusal)) return `The answer cannot be shown: ${error.message}`;
    const words = {
      NOT_READY: "The server is still starting. Try again in a few seconds.",
      SHUTTING_DOWN: "The server is stopping. Try again when it is back.",
      OVERLOADED: `The server is full. Try again in ${error.seconds || 1} s.`,
      QUARANTINED: "This text crashed the processes that read it. The server refuses it for some minutes.",
      WORKER_LOST: "The processes that read this text crashed. Try again, or try another text.",
      INTERNAL: "Something went wrong in the server. Its log says where.",
    };
    if (words[error.reason]) return words[error.reason];
    if (error.code === "deadline_exceeded") return "The server did not finish in time. Send the text in parts.";
    if (error.code === "resource_exhausted") return "The text is too long. Send it in parts.";
    return error.message || "The server refused the text.";
  }

  return { call, errorWords, languageName, number, withProtoNames };
})();
