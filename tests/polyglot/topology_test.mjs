// node topology_test.mjs PROGRAM: the trending hashtags in Node.js as a part of a topology, by the lines of their README
// (examples/polyglot/trending): started and watched by `jebi up`, shown by web.
import assert from "node:assert/strict";
import { appendFileSync, cpSync, readFileSync, symlinkSync } from "node:fs";
import { dirname, join } from "node:path";

import { Api } from "../lib/api.mjs";
import { check, eventually, finish } from "../lib/checks.mjs";
import { Jebi, program, root, run, temporary_folder, topology_file } from "../lib/jebi.mjs";
import { need, packages } from "../lib/packages.mjs";
import { ran } from "../contracts/buf.mjs";

need(["@connectrpc/connect-node", "@bufbuild/protobuf"], "trending hashtags in a topology");

const example = join(root, "examples", "polyglot", "trending");
const described = join(dirname(program), "..", "modules", "web", "contracts", "contracts.binpb");
const copy = temporary_folder();
const data = temporary_folder();
cpSync(example, copy, { recursive: true, filter: (path) => !path.includes("node_modules") });
cpSync(described, join(copy, "contracts.binpb"));
symlinkSync(join(packages, "node_modules"), join(copy, "node_modules"));

const [lines] = /^ {4}\[external\.trending\]\n(?: {4}.*\n)+/m.exec(readFileSync(join(example, "README.md"), "utf8"));
const file = topology_file("split");
const here = lines.replaceAll("examples/polyglot/trending/", `${copy}/`).replaceAll(/(?<=[":])data\//g, `${data}/`);
appendFileSync(file, `\n${here}`);

const jebi = await Jebi.start({ data, by: "", args: [file] });
const bora = await new Api(jebi.url).sign_up("bora");
const write = async (text) => assert.equal((await bora.post("/api/v1/tweets", { text })).status, 201);
const trending_now = async () => /<section[^>]*h-trending[^]*?<\/section>/.exec(await (await fetch(jebi.url)).text())?.[0] ?? "";
const row = async () => (await run(["status", "--data", data])).out.split("\n").find((line) => / trending /.test(line)) ?? "";
const pid_now = async () => Number(/ trending +(\d+) /.exec(await row())?.[1]);

await check("what people write about stands beside the pages", async () => {
  await write("#봄 #swallow");
  await eventually(async () => /swallow/.test(await trending_now()), "what trends", 20_000);
  assert.match(await trending_now(), /봄/);
});
await check("it is reached by the curl line of its contract's page, and has its contracts from there", async () => {
  const html = await (await fetch(`${jebi.url}/contracts/trending`)).text();
  const [, line] = /<code>(curl [^<]+)<\/code>/.exec(html.replaceAll("&#39;", "'").replaceAll("&quot;", '"'));
  const { output } = await ran("sh", ["-c", line.replace("data/run/", join(data, "run/")).replace("curl ", "curl -sS ")]);
  assert.ok(Array.isArray(JSON.parse(output).hashtags), output);
  const served = Buffer.from(await (await fetch(`${jebi.url}/contracts.binpb`)).arrayBuffer());
  assert.ok(served.equals(readFileSync(described)));
});
for (const signal of ["SIGKILL", "SIGSTOP"]) {
  await check(`after ${signal} it is started again, and counts on`, async () => {
    const pid = await pid_now();
    process.kill(pid, signal);
    await write(`#after${signal}`);
    await eventually(async () => ![pid, NaN].includes(await pid_now()) && / ready /.test(await row()), "its return", 20_000);
    await eventually(async () => (await trending_now()).includes(`after${signal}`), "what trends", 20_000);
  }, 60_000);
}
await check("it ends with the others", async () => {
  const pid = await pid_now();
  assert.equal(await jebi.stop(), 0);
  assert.throws(() => process.kill(pid, 0), { code: "ESRCH" });
});
finish();
