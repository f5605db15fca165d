// Which tweets have which hashtags, and what is used most. In memory; database.mjs keeps it.
const hour_ms = 3_600_000;
export const hours_max = 168;
const tweets_max = 200_000;
const answer_kept_ms = 500; // of one number of hours: counting looks at every tweet

// As the contract compares: NFKC and case folding. JavaScript has no folding; up and down again comes to the same, but for the
// Turkish i without a dot, which becomes an i.
const folded = (hashtag) => hashtag.normalize("NFKC").toUpperCase().toLowerCase().replaceAll("ς", "σ").normalize("NFKC");

// A change is [id, created_ms, hashtags as typed]: what the tweet has now. None: it is gone, or has none any more.
export class Hashtags {
  constructor() {
    this.tweets = new Map(); // id as text -> [created_ms, [[folded, typed], ...]]
    this.answers = new Map(); // hours -> {until, list}
  }

  apply([id, created_ms, typed]) {
    const by_folded = new Map(typed.map((hashtag) => [folded(hashtag), hashtag]));
    if (by_folded.size === 0) this.tweets.delete(id);
    else this.tweets.set(id, [created_ms, [...by_folded]]);
  }

  // All of it as changes.
  changes() {
    return [...this.tweets].map(([id, [created_ms, hashtags]]) => [id, created_ms, hashtags.map(([, typed]) => typed)]);
  }

  // What no question can reach any more, and the oldest of too many.
  forget_old(now_ms = Date.now()) {
    const newest = [...this.tweets].sort(([, [a]], [, [b]]) => b - a).slice(0, tweets_max);
    this.tweets = new Map(newest.filter(([, [created_ms]]) => created_ms > now_ms - hours_max * hour_ms).reverse());
  }

  // [{hashtag, tweets}] of the last hours, most tweets first; of equals the one used last.
  top(limit, hours, now_ms = Date.now()) {
    let answer = this.answers.get(hours);
    if (!answer || answer.until < now_ms) {
      answer = { until: now_ms + answer_kept_ms, list: this.counted(now_ms - hours * hour_ms) };
      this.answers.set(hours, answer); // at most hours_max of them
    }
    return answer.list.slice(0, limit);
  }

  counted(since_ms) {
    const used = new Map();
    for (const [created_ms, hashtags] of this.tweets.values()) {
      if (created_ms <= since_ms) continue;
      for (const [key, hashtag] of hashtags) {
        const known = used.get(key) ?? used.set(key, { hashtag, tweets: 0, last_ms: 0 }).get(key);
        known.tweets += 1;
        if (created_ms >= known.last_ms) Object.assign(known, { hashtag, last_ms: created_ms });
      }
    }
    return [...used.values()].sort((a, b) => b.tweets - a.tweets || b.last_ms - a.last_ms).map(({ hashtag, tweets }) => ({ hashtag, tweets: BigInt(tweets) }));
  }
}
