// node report_test.mjs JEBI BENCH_PLACEMENT: the benchmark, as small as it goes, so that it cannot rot unseen: it ends well, and its
// report has every figure and every page. What the figures are is not asked.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { check, finish } from "../../tests/lib/checks.mjs";
import { root, temporary_folder } from "../../tests/lib/jebi.mjs";

const ends_ms_max = 240_000;
const folder = temporary_folder();
const file = join(folder, "placement.html");
const small = ["--people", "120", "--rounds", "1", "--seconds", "0.2", "--builds", "0", "--hop-calls", "500"];
const loads = ["json", "html", "post"].flatMap((load) => ["rate", "us", "p50", "p99"].map((value) => `${load}.${value}`));
const of_both = ["start", "rest", ...loads, "loaded", "pages"];

let report = "";
await check("the benchmark ends well and writes its report", async () => {
  execFileSync(process.argv[3], [...small, "--report", file, "--folder", folder], { cwd: root, timeout: ends_ms_max, stdio: ["ignore", "pipe", "inherit"] });
  report = readFileSync(file, "utf8");
}, ends_ms_max);

// {id: [monolith, split]} of the table of all figures, as words.
const figures = () =>
  Object.fromEntries([...report.matchAll(/<tr data-id="([^"]+)">(.*?)<\/tr>/g)].map(([, id, cells]) => {
    const words = [...cells.matchAll(/<td[^>]*>(.*?)<\/td>/g)].map(([, cell]) => cell.replaceAll(/<[^>]*>/g, ""));
    return [id, [words[2], words[3]]];
  }));

await check("the report has a figure of both topologies for all that was measured", async () => {
  const found = figures();
  assert.deepEqual(Object.keys(found).sort(), [...of_both, "two.rate", "two.us", "hop", "hop-alone"].sort());
  for (const id of of_both) for (const words of found[id]) assert.match(words, /^\d/, id);
  for (const id of loads) for (const words of found[id]) assert.ok(Number.parseFloat(words) > 0, `${id}: ${words}`);
  for (const id of ["hop", "two.rate", "two.us"]) assert.ok(Number.parseFloat(found[id][1]) > 0, `${id}: ${found[id][1]}`);
});

await check("the report says of every page what it shows without each process", async () => {
  const map = report.split('<table class="map">')[1].split("</table>")[0];
  const rows = map.split("<tr>").slice(2).map((row) => (row.match(/<td class=/g) ?? []).length);
  assert.ok(rows.length >= 20, `${rows.length} pages`);
  assert.deepEqual([...new Set(rows)], [9]);
});

await check("the report needs nothing but itself", async () => {
  assert.doesNotMatch(report, /\b(src|href)=|url\(|@import|<script/);
  assert.ok((report.match(/<svg /g) ?? []).length >= 8);
});

finish();
