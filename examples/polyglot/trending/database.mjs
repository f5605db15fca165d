// What must survive: the hashtags of the tweets of a week, and up to which event of the tweets they are known.
//
// Two files. `journal` has a line for each batch of events: its changes and the position after it, so that effect and position
// become durable together, in one write and one fsync. `snapshot` is all of it at one moment; from then on a new journal grows. A
// line begins with its checksum: one that was cut off by a crash is the last, was never acknowledged, and is taken away at the next
// start. Changes name tweets by id, and one told twice is the same as once.
//
// One process at a time: a journal that somebody else has written to is not written to any more.
import { createHash } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

import { Hashtags } from "./hashtags.mjs";

const journal_bytes_max = 4 * 1024 * 1024; // then a snapshot is made
const checksum_digits = 16;

const checksum = (text) => createHash("sha256").update(text).digest("hex").slice(0, checksum_digits);
const line_of = (value) => {
  const text = JSON.stringify(value);
  return `${checksum(text)} ${text}\n`;
};

// The values of whole lines, and how many bytes those have.
function read_lines(bytes) {
  const values = [];
  let end = 0;
  for (let next = bytes.indexOf(10, end); next >= 0; next = bytes.indexOf(10, end)) {
    const line = bytes.toString("utf8", end, next);
    const text = line.slice(checksum_digits + 1);
    if (line.slice(0, checksum_digits) !== checksum(text)) break;
    values.push(JSON.parse(text));
    end = next + 1;
  }
  return { values, end };
}

const read = (path) => readFile(path).catch((error) => (error.code === "ENOENT" ? Buffer.alloc(0) : Promise.reject(error)));

async function sync_folder(folder) {
  const handle = await open(folder, "r");
  await handle.sync().finally(() => handle.close());
}

export class Database {
  // Creates the folder where there is none. Throws for what it cannot read or write, and for a snapshot that is damaged.
  static async open(folder) {
    await mkdir(folder, { recursive: true });
    const database = new Database(folder);
    await database.load();
    return database;
  }

  constructor(folder) {
    this.folder = folder;
    this.hashtags = new Hashtags();
    this.position = 0n; // the last event of the tweets that is in `hashtags`
  }

  async load() {
    const snapshot = await read(join(this.folder, "snapshot"));
    const { values, end } = read_lines(snapshot);
    if (end !== snapshot.length) throw new Error(`${join(this.folder, "snapshot")} is damaged; take the folder away, and all is counted anew`);
    for (const value of values) this.take(value);
    this.journal = await open(join(this.folder, "journal"), "a+");
    const journal = read_lines(await this.journal.readFile());
    for (const value of journal.values) if (BigInt(value.position) > this.position) this.take(value);
    await this.journal.truncate(journal.end);
    await this.journal.sync();
    this.journal_bytes = journal.end;
    await sync_folder(this.folder);
  }

  take({ changes, position }) {
    for (const change of changes) this.hashtags.apply(change);
    this.position = BigInt(position);
  }

  // Makes a batch durable and then seen. Throws when it cannot be: then nothing has happened, and the same batch may come again. It
  // also throws when the snapshot that was due cannot be made: the batch counts, and the next one tries again.
  async commit(changes, position) {
    const batch = { changes, position: String(position) };
    await this.append(Buffer.from(line_of(batch)));
    this.take(batch);
    if (this.journal_bytes > journal_bytes_max) await this.make_snapshot();
  }

  async append(bytes) {
    if (this.is_torn) await this.journal.truncate(this.journal_bytes); // what an append that failed has left
    if ((await this.journal.stat()).size !== this.journal_bytes) throw new Error("somebody else writes to this database");
    this.is_torn = true;
    for (let written = 0; written < bytes.length; ) written += (await this.journal.write(bytes, written)).bytesWritten;
    await this.journal.datasync();
    this.is_torn = false;
    this.journal_bytes += bytes.length;
  }

  // The old journal counts until the new snapshot has its name; after that, what it has is in the snapshot already.
  async make_snapshot() {
    this.hashtags.forget_old();
    const path = join(this.folder, "snapshot");
    const handle = await open(`${path}.new`, "w");
    try {
      await handle.writeFile(line_of({ changes: this.hashtags.changes(), position: String(this.position) }));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${path}.new`, path);
    await sync_folder(this.folder);
    await this.journal.truncate(0);
    this.journal_bytes = 0;
  }

  async close() {
    await this.journal.close();
  }
}
