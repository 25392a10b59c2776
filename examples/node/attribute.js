// node attribute.js ARTICLE.txt [MORE.txt ...]   who said what, in one article or in many
"use strict";

const fs = require("node:fs");
const { Client, QuothError } = require("./quoth");

const PROBLEM = 1;

function show(body, { statements, speakers }) {
  const names = new Map(speakers.map(({ speakerId, displayName }) => [speakerId, displayName]));
  for (const { contentSpans, speaker } of statements) {
    const words = contentSpans.map(({ startOffset, endOffset }) => body.slice(startOffset, endOffset));
    console.log(`${names.get(speaker?.speakerId) ?? "unknown"}: ${words.join(" […] ")}`);
  }
}

function* articles(files) {
  for (const [number, file] of files.entries()) {
    yield { itemId: `${number}`, article: { body: fs.readFileSync(file, "utf8") } };
  }
}

async function main(files) {
  const client = new Client(process.env.QUOTH_SERVER ?? "127.0.0.1:50051", {
    token: process.env.QUOTH_TOKEN,
  });
  try {
    if (files.length === 1) {
      const body = fs.readFileSync(files[0], "utf8");
      show(body, await client.attribute({ body }));
      return;
    }
    for await (const { itemId, response, error } of client.bulk(articles(files))) {
      console.log(`== ${files[itemId]}`);
      if (error) console.log(`${error.reason}: ${error.message}`);
      else show(fs.readFileSync(files[itemId], "utf8"), response);
    }
  } catch (error) {
    if (!(error instanceof QuothError)) throw error;
    console.error(`${error.reason || error.code}: ${error.message}`);
    for (const { field, description } of error.violations) console.error(`  ${field}: ${description}`);
    process.exitCode = PROBLEM;
  } finally {
    client.close();
  }
}

main(process.argv.slice(2));
