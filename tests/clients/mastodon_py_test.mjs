// Mastodon.py, the client of bots and scripts, unmodified: Debian's package python3-mastodon. It is tried in Python
// (mastodon_client.py), which says each thing that it has seen; people and their yes are here.
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { before, check, finish, skip } from "../lib/checks.mjs";
import { allow, searching, start, tweet } from "./people.mjs";

const python = "/usr/bin/python3"; // Debian's, which has Debian's packages
const client_ms_max = 60_000;

if (spawnSync(python, ["-c", "import mastodon"]).status !== 0) {
  skip("Mastodon.py does what people do with it", "there is no python3-mastodon (./dev test installs it)");
  finish();
}
const { jebi, visitor, mira, joon } = await start();
const without = (await visitor.get(searching)).status === 503 ? ["--without-search"] : [];
if (without.length > 0) skip("Mastodon.py searches", "the module behind it is not part of this program");

// What the client asks of those around it, a line each: "allow ADDRESS", "tweet TEXT", "like ID", "delete ID".
const asked = {
  allow: (address) => allow(jebi, mira, address),
  tweet: (text) => tweet(joon, text),
  like: async (id) => (await joon.put(`/api/v1/tweets/${id}/favourite`)).status,
  delete: async (id) => (await joon.delete(`/api/v1/tweets/${id}`)).status,
};

await check("Mastodon.py signs in, writes, reads, listens and deletes", async () => {
  const child = spawn(python, [fileURLToPath(new URL("mastodon_client.py", import.meta.url)), jebi.url, ...without], {
    env: { ...process.env, no_proxy: "*", NO_PROXY: "*", PYTHONIOENCODING: "utf-8" },
  });
  const said = [];
  child.stderr.on("data", (piece) => said.push(String(piece)));
  createInterface({ input: child.stdout }).on("line", async (line) => {
    said.push(line);
    const [word, ...rest] = line.split(" ");
    if (!asked[word]) return;
    try {
      child.stdin.write(`${await asked[word](rest.join(" "))}\n`);
    } catch (error) {
      said.push(String(error));
      child.kill();
    }
  });
  const status = await before(client_ms_max, new Promise((resolve) => child.once("close", resolve))).finally(() => child.kill("SIGKILL"));
  if (status !== 0) throw new Error(said.join("\n"));
}, client_ms_max);

await jebi.stop();
finish();
