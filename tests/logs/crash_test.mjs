// node crash_test.mjs PROGRAM [ROUNDS] [SEED]: kill -9 of log-analytics at random moments under load.
//
// The rounds are those of rounds.mjs, on the same data; while events are sent somebody counts them. Tails and segments
// are small, so that kills meet seals, merges and the manifest's switch.
import { check, finish } from "../lib/checks.mjs";
import { temporary_folder } from "../lib/jebi.mjs";
import { LogAnalytics } from "../lib/log_analytics.mjs";
import { Rounds } from "./rounds.mjs";

const rounds = Number(process.argv[3] ?? process.env.JEBI_ROUNDS ?? 60);
const seed = Number(process.argv[4] ?? Math.floor(Math.random() * 2 ** 32));
const clients = 12;
const args = ["--store-tail-rows-max", "300", "--store-segment-rows-max", "20000", "--query-memory-mib-max", "1024"];

const data = temporary_folder();
const ready_ms = [];

console.log(`logs/crash: ${rounds} rounds, seed ${seed}`);

const run = new Rounds({
  rounds, seed, clients,
  async start() {
    const service = await LogAnalytics.start({ data, args });
    ready_ms.push(service.ready_ms);
    return service;
  },
  cut: (service) => service.kill(),
  enough: ({ sealed, merged }) => sealed >= rounds / 4 && merged >= rounds / 10,
  beside: (service, history) => history.keep_counting(service),
});
await run.run();

await check("it ends cleanly, and has everything when it starts again", () => run.end(), 120_000);

const p95 = Math.round(ready_ms.sort((a, b) => a - b)[Math.ceil(ready_ms.length * 0.95) - 1]);
console.log(`logs/crash: ${run.summary}; ready again in ${p95} ms (p95)`);
finish();
