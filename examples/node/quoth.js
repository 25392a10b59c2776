// A client of the quoth service, made from the contract alone.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");
const { QuothError } = require("./errors");

// In the package, else in the checkout that it lies in.
const PROTOS = ["proto", "../../proto"].map((folder) => path.join(__dirname, folder)).find(fs.existsSync);
const SERVICE = "quoth.v1.AttributionService";

// Every call is free of side effects and may be sent again; a full server says when.
const RETRIES = JSON.stringify({
  methodConfig: [
    {
      name: ["AttributeQuotes", "GetServerInfo"].map((method) => ({ service: SERVICE, method })),
      retryPolicy: {
        maxAttempts: 4,
        initialBackoff: "0.1s",
        maxBackoff: "2s",
        backoffMultiplier: 2,
        retryableStatusCodes: ["UNAVAILABLE", "RESOURCE_EXHAUSTED"],
      },
    },
  ],
});

class Client {
  // `credentials` are plain text unless given.
  constructor(address, { credentials, token } = {}) {
    const definition = loader.loadSync("quoth/v1/attribution_service.proto", {
      includeDirs: [PROTOS],
      enums: String,
      oneofs: true,
    });
    const { AttributionService } = grpc.loadPackageDefinition(definition).quoth.v1;
    this.token = token;
    this.stub = new AttributionService(address, credentials ?? grpc.credentials.createInsecure(), {
      "grpc.service_config": RETRIES,
      "grpc.max_receive_message_length": 16 * 1024 * 1024,
    });
  }

  close() {
    this.stub.close();
  }

  // Reads one article: {body, title, publishDate: {year, month, day}, …}. Rejects with a QuothError.
  attribute(article, { timeoutMs = 30000, ...options } = {}) {
    const request = { article, options: inStrings(options) };
    return new Promise((resolve, reject) =>
      this.stub.attributeQuotes(
        request,
        this.metadata(),
        { deadline: Date.now() + timeoutMs },
        (error, answer) => (error ? reject(QuothError.from(error)) : resolve(answer)),
      ),
    );
  }

  // Reads many articles over one stream. Gives {itemId, response} or {itemId, error} as each is
  // ready, in no order. `items` is any iterable, or async iterable, of {itemId, article}; it is
  // asked for no more than the server takes. `break` ends the call.
  async *bulk(items, options = {}) {
    const call = this.stub.bulkAttributeQuotes(this.metadata());
    const sending = send(call, items, inStrings(options)).catch((error) => call.destroy(error));
    try {
      for await (const answer of call) yield answer;
    } catch (error) {
      throw QuothError.from(error);
    } finally {
      call.cancel();
    }
    await sending;
  }

  metadata() {
    const metadata = new grpc.Metadata();
    if (this.token) metadata.set("authorization", `Bearer ${this.token}`);
    return metadata;
  }
}

// JavaScript's strings are UTF-16: with this, body.slice(start, end) is the span's text.
function inStrings(options) {
  return { offsetEncoding: "OFFSET_ENCODING_UTF16", ...options };
}

async function send(call, items, options) {
  for await (const { itemId, article } of items) {
    if (call.destroyed) return;
    if (!call.write({ itemId, request: { article, options } })) await written(call);
  }
  call.end();
}

function written(call) {
  return new Promise((resolve) => {
    const go = () => {
      call.off("drain", go).off("close", go);
      resolve();
    };
    call.on("drain", go).on("close", go);
  });
}

module.exports = { Client, QuothError };
