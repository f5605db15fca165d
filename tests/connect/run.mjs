// node run.mjs BUILD_DIR: our Connect against the real one, both ways.
//
//   connect-node and curl call echo-server (C++), over TCP and a Unix socket, in JSON and protobuf, with gzip;
//   echo-client (C++) holds a connect-node server to the contract that our own server keeps.
//
// Ends with a summary line; 0: all went well, 1: not, 77: skipped for want of packages.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { clientChecks, clientOf } from "./client_checks.mjs";
import { curlChecks } from "./curl_checks.mjs";
import { connectNode } from "./packages.mjs";
import { ran, started } from "./programs.mjs";
import { schemaFrom } from "./schema.mjs";

const build = process.argv[2];
if (!build) {
  console.error("usage: node run.mjs BUILD_DIR");
  process.exit(2);
}
const schema = schemaFrom(build);
const here = fileURLToPath(new URL(".", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "jebi-connect-"));
const counts = { passed: 0, failed: 0 };

async function checked(name, check) {
  try {
    await check();
    counts.passed += 1;
  } catch (error) {
    counts.failed += 1;
    console.log(`FAILED ${name}\n${error.stack ?? error}`);
  }
}

const gzip = { sendCompression: connectNode.compressionGzip, compressMinBytes: 0 };
const settings = [
  ["JSON", { useBinaryFormat: false }],
  ["protobuf", { useBinaryFormat: true }],
  ["JSON in gzip", { useBinaryFormat: false, ...gzip }],
  ["protobuf in gzip", { useBinaryFormat: true, ...gzip }],
];

async function checkOurServer(listen) {
  const server = await started(join(build, "bin", "echo-server"), [listen]);
  for (const [setting, options] of settings) {
    const client = clientOf(schema.Echo, server.address, options);
    for (const [name, check] of clientChecks) {
      await checked(`${server.address}, ${setting}: ${name}`, () => check({ client, schema }));
    }
  }
  for (const [name, check] of curlChecks) await checked(`${server.address}: ${name}`, () => check(server));
  await server.stop();
}

async function checkOurClient(...listen) {
  const server = await started(process.execPath, [join(here, "echo_server.mjs"), build, ...listen]);
  await checked(`echo-client of connect-node at ${server.address}`, async () => {
    const { code, output } = await ran(join(build, "bin", "echo-client"), [server.address]);
    if (code !== 0) throw new Error(output);
  });
  await server.stop();
}

try {
  await checkOurServer("127.0.0.1:0");
  await checkOurServer(`unix:${join(folder, "echo.sock")}`);
  await checkOurClient();
  await checkOurClient(join(folder, "node.sock"));
} finally {
  rmSync(folder, { recursive: true });
}
console.log(`connect: ${counts.passed} passed, ${counts.failed} failed (node ${process.version})`);
process.exit(counts.failed === 0 && counts.passed > 0 ? 0 : 1);
