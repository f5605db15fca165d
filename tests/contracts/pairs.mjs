// Contracts before and after a change (kit/rpc/contract/testing/pairs.txt), and folders of .proto files made of them.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { root } from "./buf.mjs";

// [{name, before, after, finds: ["RULE PLACE"], buf: {rules: [...], why} or null}]
export function pairs() {
  const list = [];
  for (const line of readFileSync(join(root, "kit/rpc/contract/testing/pairs.txt"), "utf8").split("\n")) {
    const [, mark, rest] = /^(== |before: |after: |finds: |buf: )(.*)$/.exec(line) ?? [];
    const pair = list.at(-1);
    if (mark === "== ") list.push({ name: rest, finds: [], buf: null });
    else if (mark === "finds: ") pair.finds.push(rest);
    else if (mark === "buf: ") pair.buf = { rules: rest.split(": ")[0].split(" ").filter((rule) => rule !== "nothing"), why: rest.split(": ")[1] };
    else if (mark) pair[mark.slice(0, -2)] = rest;
  }
  return list;
}

// Every type that one value can have, turned into every other: 256 fields of one message.
const types = ["double", "float", "int32", "int64", "uint32", "uint64", "sint32", "sint64", "fixed32", "fixed64", "sfixed32", "sfixed64",
  "bool", "string", "bytes", "E"];
export function types_pair() {
  const name = (from, to) => `${from}_${to}`.toLowerCase();
  const fields = (type_of) =>
    types.flatMap((from, i) => types.map((to, j) => `${type_of(from, to)} ${name(from, to)} = ${i * types.length + j + 1};`));
  const contract = (lines) => `enum E { E_NONE = 0; } message M { ${lines.join(" ")} }`;
  return { name: "every type becomes every other", before: contract(fields((from) => from)), after: contract(fields((_, to) => to)) };
}

const file_of = (index) => `p${index}/v1/p${index}.proto`;
export const index_of = (text) => Number(/p(\d+)[/.]/.exec(text)[1]);

// Fills a folder with a package for each contract: p0.v1, p1.v1, ... The files in it.
export function written(folder, contracts) {
  return contracts.map((contract, index) => {
    mkdirSync(join(folder, `p${index}/v1`), { recursive: true });
    writeFileSync(join(folder, file_of(index)), `syntax = "proto3";\npackage p${index}.v1;\n${contract}\n`);
    return file_of(index);
  });
}
