#!/usr/bin/env node
// A "new version" of a module for deploy_test.mjs: it keeps the right contracts by its own word, gets ready, and then fails whatever
// it is asked; with DIES set it dies as soon as somebody looks how it does. Started as the supervisor starts a process: its sockets are inherited (LISTEN_FDNAMES, from descriptor 3 on).
import { execFileSync } from "node:child_process";
import http from "node:http";

if (process.argv[2] === "contracts") {
  execFileSync(process.env.GOOD_PROGRAM, process.argv.slice(2));
  process.exit(0);
}
const names = process.env.LISTEN_FDNAMES.split(":");
const status = JSON.stringify({ name: "bad", health: "ready", work: { per_second: 100, errors_per_second: 50 } });
const control = http.createServer((request, response) => {
  if (request.url === "/status" && process.env.DIES) process.exit(1);
  response.end(request.url === "/status" ? status : "ready\n");
});
const contracts = http.createServer((_, response) => response.writeHead(500).end());
control.listen({ fd: 3 + names.indexOf("control") });
contracts.listen({ fd: 3 + names.indexOf("contracts") });
process.on("SIGTERM", () => process.exit(0));
