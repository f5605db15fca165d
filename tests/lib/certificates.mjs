// Certificates made by openssl when a test needs them: of an authority of the test's own, for this machine.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { temporary_folder } from "./jebi.mjs";

export const has_openssl = () => !spawnSync("openssl", ["version"]).error;

const new_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"];

export class Authority {
  constructor(names = "DNS:localhost,IP:127.0.0.1") {
    this.folder = temporary_folder();
    this.roots_file = this.file("authority.pem");
    this.#openssl("req", "-x509", ...new_key, "-keyout", "authority.key", "-out", "authority.pem", "-days", "2", "-subj", "/CN=authority");
    writeFileSync(this.file("names"), `subjectAltName=${names}\n`);
  }

  file(name) {
    return join(this.folder, name);
  }

  // What a client needs to trust whoever has a certificate of this authority.
  get roots() {
    return readFileSync(this.roots_file);
  }

  // The files of a new one: {cert, key}.
  make(name) {
    this.#openssl("req", ...new_key, "-keyout", `${name}.key`, "-out", `${name}.csr`, "-subj", `/CN=${name}`);
    this.#openssl("x509", "-req", "-in", `${name}.csr`, "-CA", "authority.pem", "-CAkey", "authority.key", "-CAcreateserial",
      "-days", "2", "-extfile", "names", "-out", `${name}.pem`);
    return { cert: this.file(`${name}.pem`), key: this.file(`${name}.key`) };
  }

  #openssl(...args) {
    const { status, stderr } = spawnSync("openssl", args, { cwd: this.folder, encoding: "utf8" });
    if (status !== 0) throw new Error(`openssl ${args.join(" ")}: ${stderr}`);
  }
}
