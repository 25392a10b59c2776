// Drives the client of examples/node: reads an article on standard input, and prints the answer,
// its spans as JavaScript slices them, what errors say, and what a stream answers.
const path = require("node:path");
const fs = require("node:fs");

const [folder, address] = process.argv.slice(2);
const { Client } = require(path.join(folder, "quoth.js"));
const client = new Client(address);
const body = fs.readFileSync(0, "utf8");

async function failure(article, options) {
  try {
    await client.attribute(article, options);
  } catch ({ name, code, reason, message, violations, metadata }) {
    return { name, code, reason, message, violations, metadata };
  }
}

async function stream() {
  const items = Array.from({ length: 40 }, (_, n) => ({
    itemId: `i${n}`,
    article: { body: n === 7 ? " " : `${body} ${n}` },
  }));
  const told = {};
  for await (const { itemId, response, error } of client.bulk(items)) {
    told[itemId] = error ? error.reason : response.statements[0].contentSpans[0].text;
  }
  return told;
}

async function broken() {
  for await (const { itemId } of client.bulk(endless())) return itemId;
}

function* endless() {
  for (let n = 0; ; n++) yield { itemId: `e${n}`, article: { body } };
}

async function duplicate() {
  const twice = [1, 2].map(() => ({ itemId: "same", article: { body } }));
  const told = [];
  for await (const { error } of client.bulk(twice)) told.push(error?.reason ?? "");
  return told.sort();
}

(async () => {
  const answer = await client.attribute({ body });
  const slices = answer.statements.flatMap((statement) =>
    statement.contentSpans.map((span) => body.slice(span.startOffset, span.endOffset)),
  );
  const told = {
    answer,
    slices,
    empty: await failure({ body: "", timeZone: "Mars/Olympus" }),
    late: await failure({ body: "sleep 5" }, { timeoutMs: 300 }),
    stream: await stream(),
    broken: await broken(),
    duplicate: await duplicate(),
  };
  process.stdout.write(JSON.stringify(told));
  client.close();
})();
