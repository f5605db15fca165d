// node curl_test.mjs PROGRAM: curl lines of /contracts work as they stand there, but for the folder of the data.
import assert from "node:assert/strict";
import { join } from "node:path";

import { check, finish } from "../lib/checks.mjs";
import { unescaped } from "../lib/html.mjs";
import { Jebi } from "../lib/jebi.mjs";
import { ran } from "./buf.mjs";

const jebi = await Jebi.start();

// The curl line of each call on a contract's page.
async function lines_of(contract) {
  const html = await (await fetch(`${jebi.url}/contracts/${contract}`)).text();
  const lines = [...html.matchAll(/<pre class="curl"><code>([^<]+)<\/code>/g)].map(([, line]) => unescaped(line));
  return new Map(lines.map((line) => [line.split("/").at(-1), line]));
}
const run = (line) => ran("sh", ["-c", line.replace("data/run/", join(jebi.data, "run/")).replace("curl ", "curl -sS ")]);

const asked = {
  tweets: ["ByIds", "ByAuthor", "Counts", "Measure", "TopHashtags", "LastEvent", "Marks", "Events"],
  follows: ["Relationships", "Hidden", "Followers", "Counts", "LastEvent"],
  accounts: ["UsersByIds", "Users", "LastEvent"],
  timelines: [],
  notifications: ["LastEvent"],
  messages: ["LastEvent"],
  search: [],
};
for (const [contract, calls] of Object.entries(asked)) {
  const lines = await lines_of(contract);
  await check(`${contract}: calls that only read answer`, async () => {
    for (const call of calls) {
      const { output } = await run(lines.get(call) ?? assert.fail(`no line for ${call}`));
      const answer = JSON.parse(output);
      assert.equal(answer.code, undefined, `${call}: ${output}`);
    }
  });
  await check(`${contract}: each example is understood`, async () => {
    for (const [call, line] of lines) {
      const { output } = await run(line);
      assert.ok(!/malformed|unimplemented|"code":"internal"/.test(output), `${call}: ${output}`);
    }
  });
}
await check("what a line answers is what the contract says", async () => {
  const { output } = await run((await lines_of("tweets")).get("Measure"));
  assert.deepEqual(JSON.parse(output), { weight: 4, weightMax: 280, valid: true });
});
await jebi.stop();
finish();
