// Follows the events of the tweets: asks for what came after the last one that is in the database, waits for it when there is
// nothing, and asks again from the same place when somebody was away. So each event counts once, through crashes of either side.
import { logged, new_trace } from "./trace.mjs";

const batch_max = 500;
const wait_ms = 4_000;
const call_ms_max = 8_000;
const pause_ms_first = 50;
const pause_ms_max = 2_000;
const hashtag_kind = 1; // Entity.Kind.KIND_HASHTAG

const hashtags_of = ({ entities }) => entities.filter(({ kind }) => kind === hashtag_kind).map(({ value }) => value);

// What an event changes here: see hashtags.mjs. Nothing for likes, and for reposts, which have no text.
function change_of({ what }) {
  if (what.case === "deleted") return [String(what.value.id), 0, []];
  if (what.case !== "written" && what.case !== "edited") return null;
  const tweet = what.value;
  return tweet.repostOfId !== 0n ? null : [String(tweet.id), Number(tweet.createdMs), hashtags_of(tweet)];
}

export class Follower {
  constructor(tweets, database) {
    this.tweets = tweets;
    this.database = database;
    this.ending = new AbortController();
    this.trouble = null; // why it does not get on at the moment
  }

  async run() {
    let pause_ms = pause_ms_first;
    while (!this.ending.signal.aborted) {
      try {
        await new_trace(() => this.step());
        if (this.trouble) logged("info", "tweets can be followed again");
        this.trouble = null;
        pause_ms = pause_ms_first;
      } catch (error) {
        if (this.ending.signal.aborted) return;
        if (!this.trouble) logged("warning", "tweets cannot be followed", { error: error.message });
        this.trouble = error.message;
        await this.pause(pause_ms * (0.5 + Math.random())); // jitter, lest all who follow come at once
        pause_ms = Math.min(pause_ms * 2, pause_ms_max);
      }
    }
  }

  async step() {
    const request = { after: this.database.position, limit: batch_max, waitMs: wait_ms };
    const { events } = await this.tweets.events(request, { timeoutMs: call_ms_max, signal: this.ending.signal });
    if (events.length === 0) return;
    await this.database.commit(events.map(change_of).filter(Boolean), events.at(-1).sequence);
  }

  pause(ms) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.ending.signal.addEventListener("abort", () => clearTimeout(timer) ?? resolve(), { once: true });
    });
  }

  stop() {
    this.ending.abort();
  }
}
