// The curl lines of README.md, README.ko.md and docs/guides/api.md, run as they stand there: an example that does not work is a defect.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { Api } from "../lib/api.mjs";
import { check, finish } from "../lib/checks.mjs";
import { Jebi, root } from "../lib/jebi.mjs";

const original = "http://127.0.0.1:3000/api/v1";

// The lines of the indented block that begins with "url=".
function example(file) {
  const lines = readFileSync(join(root, file), "utf8").split("\n");
  const first = lines.findIndex((line) => line.startsWith(`    url=${original}`));
  assert.notEqual(first, -1, `${file} has no block that begins with url=${original}`);
  const end = lines.findIndex((line, i) => i > first && !line.startsWith("    "));
  return lines.slice(first, end).map((line) => line.slice(4));
}

// One script of all lines; what is written in capitals there comes from the answers so far, NAME is somebody.
function script(lines, url) {
  const one = (line) => `{ ${line.replace(original, `${url}/api/v1`).replace(/\bID\b/g, "$id").replace(/\bNEXT\b/g, "$next").replace(/\bNAME\b/g, "somebody")}
    } >"$out"
    cat "$out"; echo
    id=$(sed -n 's/^{"id":"\\([0-9]*\\)","text".*/\\1/p' "$out" | grep . || echo "$id")
    next=$(sed -n 's/.*"next":"\\([0-9]*\\)".*/\\1/p' "$out" | grep . || echo "$next")`;
  return `set -euo pipefail
    curl() { command curl -sS --fail-with-body "$@"; }
    out=$(mktemp); trap 'rm -f "$out"' EXIT; id=; next=
    ${lines.map(one).join("\n")}`;
}

async function try_out(file, shown, told) {
  const jebi = await Jebi.start();
  const api = await new Api(jebi.url).sign_up("somebody");
  for (let i = 0; i < 12; ++i) await api.post("/api/v1/tweets", { text: `before ${i}` });
  const lines = example(file);
  for (const word of shown) assert.ok(lines.some((line) => line.includes(word)), `${file} does not show ${word}`);
  const { status, stdout, stderr } = spawnSync("bash", ["-c", script(lines, jebi.url)], { encoding: "utf8", timeout: 30_000 });
  assert.equal(status, 0, `${stdout}\n${stderr}`);
  for (const word of told) assert.ok(stdout.includes(word), `no ${word} in what it told:\n${stdout}`);
  await jebi.stop();
}

await check("the curl lines of README.md do what they say, and show the whole API", () =>
  try_out("README.md",
    ["$url/users ", "$url/sessions ", "/sessions/current", "users?page=", "-X PUT", "-X DELETE", "Idempotency-Key", "cursor="],
    ["안녕 #제비", "고쳤어요", '"edited_at":"', '"total":2', "before 11", "before 6"]));

await check("the curl lines of README.ko.md do what they say", () =>
  try_out("README.ko.md", ["$url/users ", "$url/sessions ", "Idempotency-Key"], ["안녕 #제비", "고쳤어요", "before 11"]));

await check("the curl lines of docs/guides/api.md do what they say", () =>
  try_out("docs/guides/api.md", ["/follow", "/timelines/home", "/thread", "/search", "/messages/", "/notifications"],
    ['"following":true', '"in_reply_to_id":null', "@somebody", '"ancestors":[{', '"favourited":true', "둘만", '"display_name":"하늘"']));

finish();
