// Checks with names, one after another, and the line that sums them up.
//
//   await check("a page beyond the last is empty", async () => { ... });
//   finish();
//
// A check has a deadline and fails by throwing. Those after it still run, so one run tells all that is wrong.

const deadline_ms_standard = 30_000;
const counts = { passed: 0, failed: 0, skipped: 0 };
let witness = () => null;

// What is told when a check fails, besides its error: the last lines of a log, say. Nothing is told twice.
export function onFailure(tell) {
  witness = tell;
}
let told = null;

export async function check(name, body, deadline_ms = deadline_ms_standard) {
  try {
    await before(deadline_ms, body());
    counts.passed += 1;
  } catch (error) {
    counts.failed += 1;
    console.log(`FAILED: ${name}\n${indented(error.stack ?? error)}`);
    const more = witness();
    if (more && more !== told) console.log(indented((told = more)));
  }
}

export function skip(name, reason) {
  counts.skipped += 1;
  console.log(`skipped: ${name}: ${reason}`);
}

// Ends the program: 0 when every check passed, 1 otherwise, 77 (skipped, for ctest) when there was nothing to run.
export function finish() {
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  const nothing_ran = counts.passed + counts.failed === 0;
  process.exit(counts.failed > 0 || (nothing_ran && counts.skipped === 0) ? 1 : nothing_ran ? 77 : 0);
}

// The promise's answer, or an error when it takes longer.
export function before(deadline_ms, promise, what = "this") {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} was not done within ${deadline_ms} ms`)), deadline_ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

// Asks until the answer is true. For what comes about by itself, such as events between modules.
export async function eventually(question, what, deadline_ms = 10_000) {
  const end = Date.now() + deadline_ms;
  while (!(await question())) {
    if (Date.now() > end) throw new Error(`${what} did not come about within ${deadline_ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

// Random numbers that a seed repeats (splitmix32). The seed is the program's last argument, or new.
export function random_from(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state ^ (state >>> 16);
    mixed = Math.imul(mixed, 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 2 ** 32;
  };
}

const indented = (text) => String(text).replace(/^/gm, "    ");
