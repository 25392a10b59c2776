// A client of quoth's HTTP port (quoth-server --http 8080) that needs nothing but fetch: copy it.
export async function attribute(article, { server, token, timeoutMs = 60000, ...options } = {}) {
  const response = await fetch(
    `${server ?? "http://127.0.0.1:8080"}/quoth.v1.AttributionService/AttributeQuotes`,
    {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
      // Strings of JavaScript are UTF-16: with this, body.slice(startOffset, endOffset) is right.
      body: JSON.stringify({ article, options: { offsetEncoding: "OFFSET_ENCODING_UTF16", ...options } }),
      signal: AbortSignal.timeout(timeoutMs),
    },
  );
  const answer = await response.json();
  if (response.ok) return answer;
  throw Object.assign(new Error(answer.message), answer); // code and details, see /openapi.json
}
