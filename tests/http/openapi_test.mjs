// /openapi.json as a linter sees it: spectral with the rules of the OpenAPI Initiative ("spectral:oas"), without a word to say.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { check, finish } from "../lib/checks.mjs";
import { Jebi } from "../lib/jebi.mjs";
import { need, packages } from "../lib/packages.mjs";

need(["@stoplight/spectral-cli"], "openapi.json is linted");
const jebi = await Jebi.start();

await check("spectral finds nothing to say about openapi.json", async () => {
  const document = join(jebi.data, "openapi.json");
  const rules = join(jebi.data, "rules.yaml");
  writeFileSync(document, await (await fetch(`${jebi.url}/openapi.json`)).text());
  writeFileSync(rules, 'extends: ["spectral:oas"]\nrules: { oas3-unused-component: off }\n');
  const spectral = join(packages, "node_modules", ".bin", "spectral");
  const lint = (file) => spawnSync(spectral, ["lint", "--ruleset", rules, "--fail-severity", "hint", file], { encoding: "utf8" });
  const said = lint(document);
  assert.equal(said.status, 0, said.stdout + said.stderr);
  // And it would have something to say.
  const broken = join(jebi.data, "broken.json");
  writeFileSync(broken, JSON.stringify({ openapi: "3.1.0", info: { title: "no version" }, paths: {} }));
  assert.notEqual(lint(broken).status, 0);
});

await jebi.stop();
finish();
