// The contracts that this program keeps and calls, from a descriptor set: no generated code.
import { readFileSync } from "node:fs";

import { createFileRegistry, fromBinary } from "@bufbuild/protobuf";
import { FileDescriptorSetSchema } from "@bufbuild/protobuf/wkt";

export function contracts_in(file) {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readFileSync(file)));
  const found = (kind, name) => registry[kind](name) ?? fail(`${file} does not describe ${name}`);
  return {
    Trending: found("getService", "jebi.trending.v1.Trending"),
    Tweets: found("getService", "jebi.tweets.v1.Tweets"),
    ErrorInfo: found("getMessage", "jebi.rpc.v1.ErrorInfo"),
  };
}

function fail(what) {
  throw new Error(what);
}
