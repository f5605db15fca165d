// node breaking_test.mjs BUILD_DIR: what we say breaks a contract, against what buf says (`buf breaking`, WIRE_JSON).
//
// Both are asked about each pair of kit/rpc/contract/testing/pairs.txt, and about every type turned into every other. Where the
// two differ, pairs.txt says how and why; this test fails for a difference that it does not know, and for one that is
// none any more.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";

import { check, finish } from "../lib/checks.mjs";
import { need } from "../lib/packages.mjs";
import { buf, ran } from "./buf.mjs";
import { index_of, pairs, types_pair, written } from "./pairs.mjs";

const build = resolve(process.argv[2]);
need(["@bufbuild/buf"], "what breaks a contract, as buf sees it");

const all = [...pairs(), types_pair()];
const folder = mkdtempSync(join(tmpdir(), "jebi-contracts-"));

// The rules found for each pair, sorted: a list a pair.
function grouped(found) {
  const lists = all.map(() => []);
  for (const [rule, place] of found) lists[index_of(place)].push(rule);
  return lists.map((list) => list.sort());
}

async function found_by_buf() {
  const { output } = await buf(["breaking", "after.binpb", "--against", "before.binpb", "--error-format", "json", "--config",
    '{"version":"v2","breaking":{"use":["WIRE_JSON"]}}'], folder, [0, 100]);
  return grouped(output.trim().split("\n").map(JSON.parse).map(({ type, path }) => [type, path]));
}

async function found_by_us() {
  for (const side of ["before", "after"]) {
    const files = written(join(folder, side), all.map((pair) => pair[side]));
    await ran("protoc", ["-I.", "--include_source_info", `--descriptor_set_out=../${side}.binpb`, ...files], join(folder, side));
  }
  const { output } = await ran(join(build, "bin", "contract-breaks"), ["before.binpb", "after.binpb"], folder, [0, 1]);
  return grouped(output.trim().split("\n").map((line) => line.split(" ")));
}

try {
  const ours = await found_by_us();
  const bufs = await found_by_buf();
  let explained = 0;
  for (const [index, { name, buf: other }] of all.entries()) {
    await check(name, () => {
      if (!other) return assert.deepEqual(ours[index], bufs[index]);
      assert.deepEqual(bufs[index], [...other.rules].sort(), "pairs.txt is wrong about buf");
      assert.notDeepEqual(ours[index], bufs[index], "pairs.txt explains a difference that is none");
      console.log(`differs: ${name}: ours ${ours[index].join(" ") || "nothing"}, buf ${bufs[index].join(" ") || "nothing"}: ${other.why}`);
      explained += 1;
    });
  }
  console.log(`${all.length} pairs, ${ours.flat().length} findings of ours, ${bufs.flat().length} of buf's; ${explained} pairs differ, explained`);
} finally {
  rmSync(folder, { recursive: true });
}
finish();
