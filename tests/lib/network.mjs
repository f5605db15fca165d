// Two machines for a test: two network namespaces with a cable between them. Where such may not be made, two loopback addresses.
//
// The namespaces have no names, so nothing is left of them, however the test ends: the kernel takes them away with their last process.
import { spawn, spawnSync } from "node:child_process";
import { readlinkSync } from "node:fs";

import { eventually } from "./checks.mjs";

const inside = "JEBI_TEST_INSIDE";  // the environment of a test that runs in a network of its own
const cable = "cable";
const dies_with_us = (signal) => ["setpriv", "--pdeathsig", signal];

function does(words) {
  const { error, status, stderr } = spawnSync(words[0], words.slice(1), { encoding: "utf8" });
  if (error || status !== 0) throw new Error(`${words.join(" ")}: ${error?.message ?? stderr}`);
}

function can(words) {
  try {
    does(words);
    return true;
  } catch {
    return false;
  }
}

// A way into a network of its own: as root, or as what is root there only. Null: there is none.
function way_in() {
  const ways = [["unshare", "--net"], ["unshare", "--user", "--map-root-user", "--net"]];
  const script = "ip link set lo up && ip link add name a type veth peer name b && unshare --net true";
  return ways.find((way) => can([...dies_with_us("TERM"), ...way, "sh", "-c", script])) ?? null;
}

// Runs the program that calls this once more, in a network of its own, and ends with its exit code. Returns there, and also where
// there can be no such network.
export async function in_a_network_of_its_own() {
  const way = process.env[inside] ? null : way_in();
  if (way === null) return;
  const words = [...dies_with_us("TERM"), ...way, process.execPath, ...process.argv.slice(1)];
  const child = spawn(words[0], words.slice(1), { stdio: "inherit", env: { ...process.env, [inside]: "1" } });
  for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => child.kill(signal));
  process.exit(await new Promise((done) => child.once("exit", (code) => done(code ?? 1))));
}

// The two machines: {addresses, words, cut, mend}. `words(which)` go before a command that is to run on machine 0 or 1; the test
// itself is on machine 0.
export async function two_machines() {
  if (!process.env[inside]) {
    console.log("no network namespaces here: the two machines are 127.0.0.1 and 127.0.0.2");
    return { addresses: ["127.0.0.1", "127.0.0.2"], words: () => [] };
  }
  const holder = spawn(...first_and_rest([...dies_with_us("KILL"), "unshare", "--net", "sleep", "infinity"]), { stdio: "ignore" });
  process.on("exit", () => holder.kill("SIGKILL"));
  const own = readlinkSync("/proc/self/ns/net");
  await eventually(() => readlinkSync(`/proc/${holder.pid}/ns/net`) !== own, "the other network");
  const there = ["nsenter", "--target", `${holder.pid}`, "--net"];
  does(["ip", "link", "add", "name", cable, "type", "veth", "peer", "name", cable, "netns", `${holder.pid}`]);
  for (const [index, before] of [[], there].entries()) {
    does([...before, "ip", "address", "add", `10.77.0.${index + 1}/24`, "dev", cable]);
    for (const device of ["lo", cable]) does([...before, "ip", "link", "set", device, "up"]);
  }
  return {
    addresses: ["10.77.0.1", "10.77.0.2"],
    words: (which) => (which === 0 ? [] : there),
    cut: () => does([...there, "ip", "link", "set", cable, "down"]),
    mend: () => does([...there, "ip", "link", "set", cable, "up"]),
  };
}

const first_and_rest = ([first, ...rest]) => [first, rest];
