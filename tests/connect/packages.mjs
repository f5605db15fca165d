// The npm packages that these tests need (tests/package.json), from build/npm or the folder in JEBI_NPM.
// Where they are not installed, a program that imports this says so and ends with the code of a skipped test.
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

export const skipped = 77;

const root = fileURLToPath(new URL("../..", import.meta.url));
const folder = process.env.JEBI_NPM ?? join(root, "build", "npm");
if (!existsSync(join(folder, "node_modules", "@connectrpc", "connect-node"))) {
  console.log(`skip: no @connectrpc/connect-node in ${folder} (./dev test installs it)`);
  process.exit(skipped);
}

const require = createRequire(join(folder, "package.json"));
export const protobuf = require("@bufbuild/protobuf");
export const wellKnown = require("@bufbuild/protobuf/wkt");
export const connect = require("@connectrpc/connect");
export const connectNode = require("@connectrpc/connect-node");
