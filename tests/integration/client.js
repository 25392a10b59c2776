// A client made from the contract alone: reads an article on standard input, prints the answer,
// its spans as JavaScript slices them, and the error that an empty article gets.
const path = require("node:path");
const fs = require("node:fs");
const grpc = require("@grpc/grpc-js");
const loader = require("@grpc/proto-loader");

const [protos, address] = process.argv.slice(2);
const definition = loader.loadSync(path.join(protos, "quoth/v1/attribution_service.proto"), {
  includeDirs: [protos],
  enums: String,
});
const { AttributionService } = grpc.loadPackageDefinition(definition).quoth.v1;
const client = new AttributionService(address, grpc.credentials.createInsecure());
const body = fs.readFileSync(0, "utf8");

function call(request) {
  return new Promise((resolve) =>
    client.attributeQuotes(request, (error, answer) => resolve({ error, answer })),
  );
}

(async () => {
  const options = { offsetEncoding: "OFFSET_ENCODING_UTF16" };
  const { error, answer } = await call({ article: { body }, options });
  if (error) throw error;
  const slices = answer.statements.flatMap((statement) =>
    statement.contentSpans.map((span) => body.slice(span.startOffset, span.endOffset)),
  );
  const bad = await call({ article: { body: "" } });
  const { code, details } = bad.error;
  process.stdout.write(JSON.stringify({ answer, slices, error: { code, details } }));
  client.close();
})();
