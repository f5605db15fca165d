// Trending hashtags: a module of jebi in another language, which keeps the contract modules/trending/trending.proto.
//
//   node trending.mjs --tweets unix:data/run/tweets.sock --listen unix:data/run/trending.sock --data data/trending
//
//   --tweets ADDRESS    where the contract Tweets is served: unix:PATH, or HOST:PORT
//   --listen ADDRESS    where to serve: unix:PATH, or HOST:PORT (port 0: a free one); a socket that a supervisor has opened (LISTEN_FDS) wins
//   --data FOLDER       its own database: one process at a time
//   --contracts FILE    the contracts as data, from jebi's /contracts.binpb; contracts.binpb here when not given
//
// Says "listening ADDRESS" when it serves. SIGTERM: requests in flight end, then 0. A wrong command line: 2; what else hinders it: 1.
import { unlinkSync } from "node:fs";
import { createServer } from "node:http";
import { connect as connected } from "node:net";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";

import { contracts_in } from "./contracts.mjs";
import { Database } from "./database.mjs";
import { Follower } from "./follower.mjs";
import { handler_for, tweets_at } from "./wire.mjs";

const drain_ms_max = 5_000;
const connections_max = 256;
const first_inherited_fd = 3; // systemd's socket activation

function give_up(code, what, hint) {
  console.error(`error: ${what}\n  hint: ${hint}`);
  process.exit(code);
}

function options_of(args) {
  try {
    const text = (fallback) => ({ type: "string", default: fallback });
    const contracts = fileURLToPath(new URL("contracts.binpb", import.meta.url));
    const options = { tweets: text(), listen: text("127.0.0.1:0"), data: text(), contracts: text(contracts) };
    const { values } = parseArgs({ args, options });
    for (const name of ["tweets", "data"]) if (!values[name]) throw new Error(`--${name} is missing`);
    return values;
  } catch (error) {
    return give_up(2, error.message, "the beginning of trending.mjs lists the options");
  }
}

// A socket file that nobody listens on is left over from a process that was killed.
const is_answered = (path) =>
  new Promise((resolve) => {
    const socket = connected(path, () => resolve(true) ?? socket.destroy()).once("error", () => resolve(false));
  });

async function where_to_listen(listen) {
  if (Number(process.env.LISTEN_FDS) > 0) return { fd: first_inherited_fd };
  if (!listen.startsWith("unix:")) {
    const [, host, port] = /^(.+):(\d+)$/.exec(listen) ?? give_up(2, `"${listen}" is no address`, "unix:PATH, or HOST:PORT");
    return { host, port: Number(port) };
  }
  const path = listen.slice("unix:".length);
  if (await is_answered(path)) give_up(1, `somebody listens on ${path}`, "stop the other process, or give another --listen");
  try {
    unlinkSync(path);
  } catch (error) {
    if (error.code !== "ENOENT") give_up(1, `${path} cannot be taken: ${error.message}`, "give another --listen");
  }
  return { path };
}

const options = options_of(process.argv.slice(2));
let contracts, database;
try {
  contracts = contracts_in(options.contracts);
  database = await Database.open(options.data);
} catch (error) {
  give_up(1, error.message, "README.md says where contracts.binpb comes from; --data is a folder that this program may write");
}
const tweets = tweets_at(options.tweets, contracts);
const follower = new Follower(tweets, database);
const server = createServer(handler_for({ contracts, database, follower, tweets }));
server.maxConnections = connections_max;
server.once("error", (error) => give_up(1, error.message, "give another --listen"));
server.listen(await where_to_listen(options.listen), () => {
  const at = server.address();
  console.log(`listening ${typeof at === "string" ? `unix:${at}` : at ? `${at.address}:${at.port}` : "on an inherited socket"}`);
});
const following = follower.run();

async function drained() {
  const closed = new Promise((resolve) => server.close(resolve));
  follower.stop();
  server.closeIdleConnections();
  await Promise.all([following, closed]);
  await database.close();
}
for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, () => {
    setTimeout(() => process.exit(1), drain_ms_max).unref();
    drained().then(() => process.exit(0), (error) => give_up(1, error.message, "what was acknowledged is on the disk"));
  });
}
