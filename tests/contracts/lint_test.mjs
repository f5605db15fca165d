// node lint_test.mjs: buf's linter on the contracts, with the rules of buf.yaml.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { join } from "node:path";

import { check, finish } from "../lib/checks.mjs";
import { need } from "../lib/packages.mjs";
import { buf, root } from "./buf.mjs";

need(["@bufbuild/buf"], "the contracts under buf's linter");

const protos = (folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith(".proto")).map((name) => `${folder}/${name}`);
const contracts = [...readdirSync(join(root, "modules")).flatMap((module) => protos(`modules/${module}`)), ...protos("kit/rpc")];

await check("buf's linter has nothing to say against a contract", async () => {
  assert.ok(contracts.length > 7, `${contracts}`);
  const paths = contracts.flatMap((path) => ["--path", path]);
  const { output } = await buf(["lint", ".", "--config", "tests/contracts/buf.yaml", ...paths], root, [0, 100]);
  assert.equal(output, "");
});
await check("the linter would have said something", async () => {
  const { code } = await buf(["lint", ".", "--config", '{"version":"v2"}', "--path", contracts[0]], root, [0, 100]);
  assert.equal(code, 100);
});
finish();
