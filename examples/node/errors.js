// What an error of the service says, beyond its code: `google.rpc.Status` in its trailers.
"use strict";

const protobuf = require("protobufjs");

const { root } = protobuf.parse(`
  syntax = "proto3";
  package google.rpc;
  message Any { string type_url = 1; bytes value = 2; }
  message Status { int32 code = 1; string message = 2; repeated Any details = 3; }
  message ErrorInfo { string reason = 1; string domain = 2; map<string, string> metadata = 3; }
  message BadRequest {
    message FieldViolation { string field = 1; string description = 2; string reason = 3; }
    repeated FieldViolation field_violations = 1;
  }
  message Duration { int64 seconds = 1; int32 nanos = 2; }
  message RetryInfo { Duration retry_delay = 1; }
`);

const READ = { longs: Number, defaults: true };

class QuothError extends Error {
  // `code` is of gRPC; `reason` one of ErrorReason, such as "EMPTY_BODY"; `violations` name each
  // bad field; `retryAfterMs` is set where the server says when to come back.
  constructor(message, code, details) {
    super(message);
    this.name = "QuothError";
    this.code = code;
    this.reason = details.ErrorInfo?.reason ?? "";
    this.metadata = details.ErrorInfo?.metadata ?? {};
    this.violations = details.BadRequest?.fieldViolations ?? [];
    const delay = details.RetryInfo?.retryDelay;
    this.retryAfterMs = delay ? delay.seconds * 1000 + delay.nanos / 1e6 : undefined;
  }

  static from(error) {
    if (error instanceof QuothError || error.metadata === undefined) return error;
    const [bytes] = error.metadata.get("grpc-status-details-bin");
    return new QuothError(error.details, error.code, bytes ? decode(bytes) : {});
  }
}

function decode(bytes) {
  const details = {};
  const status = root.lookupType("google.rpc.Status").decode(bytes);
  for (const { typeUrl, value } of status.details) {
    const type = root.lookup(typeUrl.split("/").pop());
    if (type instanceof protobuf.Type) details[type.name] = type.toObject(type.decode(value), READ);
  }
  return details;
}

module.exports = { QuothError };
