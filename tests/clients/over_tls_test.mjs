// The same clients over TLS, as web clients and phones insist on: node over_tls_test.mjs PROGRAM. A certificate is made for this
// machine, and the clients are told to trust its authority as their libraries are: none is told not to verify.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

import { Authority, has_openssl } from "../lib/certificates.mjs";
import { check, finish, skip } from "../lib/checks.mjs";
import { program } from "../lib/jebi.mjs";

const clients = ["masto", "megalodon", "toot", "mastodon_py"];
const client_ms_max = 100_000;
const was_skipped = 77;

if (!has_openssl()) {
  skip("clients over TLS", "there is no openssl (./dev test installs it)");
  finish();
}
const authority = new Authority();
const { cert, key } = authority.make("server");
const environment = {
  ...process.env,
  JEBI_TEST_TLS_CERT: cert,
  JEBI_TEST_TLS_KEY: key,
  NODE_EXTRA_CA_CERTS: authority.roots_file,
  REQUESTS_CA_BUNDLE: authority.roots_file, // of Python's requests, which toot and Mastodon.py use
};

for (const client of clients) {
  const script = fileURLToPath(new URL(`${client}_test.mjs`, import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, program], { env: environment, encoding: "utf8", timeout: client_ms_max });
  if (status === was_skipped) skip(`${client} over TLS`, stdout.trim());
  else await check(`${client} over TLS`, async () => {
    if (status !== 0) throw new Error(`${stdout}${stderr}`);
  });
}
finish();
