// node matrix_test.mjs PROGRAM [--whole | SEED]: each service is broken in each way while people read and write. They see what
// docs/guides/degradation.md says, or better; nobody else falls; and when the fault is over all is as it was.
//
// --whole: every service with every fault, 3 to 5 seconds each. Else each service with one fault, which the seed chooses, for a second.
import assert from "node:assert/strict";

import { check, eventually, finish, random_from } from "../lib/checks.mjs";
import { guide, Town, words_of, worse_than } from "../lib/degradation.mjs";
import { services, UnderChaos } from "./under_chaos.mjs";

const whole = process.argv.includes("--whole");
const seed = whole ? 0 : Number(process.argv[3] ?? Date.now() % 1_000_000);
const well_ms_max = 30_000;
const recovery_ms_max = whole ? 2_000 : 10_000;  // the bar is for a quiet machine; elsewhere it only must come about
const more_max = 10;  // of a process, at the end, open files and fibers: connections that are in use just then
const idle_ms_max = 90_000;  // connections that nobody uses any more are closed after a minute (kit/http/limits.h)
const rounds_pause_ms = 100;

const seconds = (full) => (whole ? `${full}s` : "1s");
const faults = {
  kill: ["kill"],
  pause: ["pause", "--for", seconds(5)],
  slow: ["slow", "--by", "2s", "--for", seconds(3)],
  error: ["error", "--share", "0.5", "--for", seconds(3)],
  cut: ["cut", "--for", seconds(3)],
  garbage: ["garbage", "--for", seconds(3)],
};

const under = await UnderChaos.start();
const town = await Town.open(under.url);
const said = guide();

const is_well = async () => (await under.all_ready()) && (await town.is_whole());
const by_name = async (value) => Object.fromEntries((await under.processes()).map((one) => [one.name, value(one)]));

// What is worse than the guide says: of one round of writing and reading, and of reading again and again while the fault acts. Of web
// itself the guide says nothing.
async function seen_while(acting, service, about) {
  const worse = new Set();
  let over = false;
  acting.finally(() => (over = true)).catch(() => {});
  for (let rows = { ...town.reading, ...town.writing(about) }; !over; rows = town.reading) {
    const found = await words_of(rows).catch((error) => error);
    if (service !== "web") for (const line of found instanceof Error ? [`${found}`] : worse_than(said, found, service)) worse.add(line);
    await new Promise((resolve) => setTimeout(resolve, rounds_pause_ms));
  }
  return [...worse];
}

async function strike(service, fault) {
  const [verb, ...flags] = faults[fault];
  const done = under.chaos_well(verb, service, ...flags);
  if (verb === "kill" || verb === "pause") return { acting: done };
  await done;
  const length = Number(/(\d+)s/.exec(flags.at(-1))[1]) * 1_000;
  return { acting: eventually(async () => /No faults act/.test(await under.chaos_well("list")), "the end of the fault", length + well_ms_max) };
}

const recoveries = [];
async function one_cell(service, fault) {
  await eventually(is_well, "everything to be whole", well_ms_max);
  const about = `${service}-${fault}`;
  await town.jun_writes(about);
  await eventually(is_well, "everything to be whole", well_ms_max);
  const pids = await by_name(({ pid }) => pid);
  const { acting } = await strike(service, fault);
  const worse = await seen_while(acting, service, about);
  await acting;
  const since = performance.now();
  await eventually(is_well, "everything to be whole after the fault", recovery_ms_max);
  recoveries.push({ about, ms: performance.now() - since });
  assert.deepEqual(worse, []);
  const pids_after = await by_name(({ pid }) => pid);
  for (const name of services) if (name !== service) assert.equal(pids_after[name], pids[name], `${name} was started anew`);
  await eventually(async () => (await under.processes()).every(({ neighbours }) => neighbours.every(({ breaker, in_flight, waiting }) =>
    breaker !== "open" && in_flight === 0 && waiting === 0)), "breakers to close and calls to end", well_ms_max);
}

await eventually(is_well, "everything to be whole", well_ms_max);
const left_open = async () => {
  const fibers = await Promise.all(services.map(async (name) => [`${name}'s fibers`, await under.metric(name, "event_loop_fibers")]));
  const files = (await under.processes()).map(({ name, open_files }) => [`${name}'s files`, open_files]);
  return new Map([...fibers, ...files]);
};
const open_at_first = await left_open();
const random = random_from(seed);
const kinds = Object.keys(faults);
const first = Math.floor(random() * kinds.length);
if (!whole) console.log(`seed ${seed}`);
for (const [number, service] of services.entries()) {
  for (const fault of whole ? kinds : [kinds[(first + number) % kinds.length]]) {
    await check(`${service}: ${fault}`, () => one_cell(service, fault), 120_000);
  }
}
await check("no process has connections, files or fibers left over", async () => {
  for (const name of services) assert.ok(open_at_first.get(`${name}'s fibers`) > 0, name);
  const grown = async () => [...(await left_open())].filter(([what, count]) => count > open_at_first.get(what) + more_max);
  let left = await grown();
  console.log(`more than ${more_max} more right after the last fault: ${left.map(([what, count]) => `${what} ${count}`).join(", ") || "nobody"}`);
  await eventually(async () => (left = await grown()).length === 0, "the end of unused connections", idle_ms_max).catch(() => {});
  assert.deepEqual(left, [], JSON.stringify([...open_at_first]));
}, idle_ms_max + 30_000);
recoveries.sort((a, b) => a.ms - b.ms);
const at = (part) => recoveries[Math.min(recoveries.length - 1, Math.floor(part * recoveries.length))];
if (recoveries.length) console.log(`whole again ${at(0.5).ms.toFixed(0)} ms after the end of a fault in the median, ${at(1).ms.toFixed(0)} ms at worst (${at(1).about})`);
assert.equal(await under.jebi.stop(), 0);
finish();
