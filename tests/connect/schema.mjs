// Echo's contract, read at run time from what protoc made of echo.proto at build: no code generator.
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { protobuf, wellKnown } from "./packages.mjs";

export function schemaFrom(build) {
  const bytes = readFileSync(join(build, "generated", "echo.binpb"));
  const files = protobuf.fromBinary(wellKnown.FileDescriptorSetSchema, bytes);
  const registry = protobuf.createFileRegistry(files);
  return {
    Echo: registry.getService("jebi.rpc.testing.v1.Echo"),
    SayRequest: registry.getMessage("jebi.rpc.testing.v1.SayRequest"),
    ErrorInfo: registry.getMessage("jebi.rpc.v1.ErrorInfo"),
  };
}
