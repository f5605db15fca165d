-- What answers and repeats tweets. 0 stands for none. A repost is a row with no text and `repost_of_id`; a deleted tweet
-- that has replies stays as a row with no text and `deleted` (a tombstone).
ALTER TABLE tweets ADD COLUMN reply_to_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets ADD COLUMN reply_to_author_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets ADD COLUMN thread_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets ADD COLUMN repost_of_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets ADD COLUMN repost_of_author_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets ADD COLUMN replies BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets ADD COLUMN favourites BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets ADD COLUMN reposts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets ADD COLUMN deleted BIGINT NOT NULL DEFAULT 0;
UPDATE tweets SET thread_id = id;

-- All that lists of an author's tweets decide on.
DROP INDEX tweets_by_author;
CREATE INDEX tweets_by_author ON tweets (author_id, id, deleted, reply_to_id, repost_of_id);
-- The shape of a thread.
CREATE INDEX tweets_by_thread ON tweets (thread_id, id, reply_to_id);
-- One repost of a tweet by each author, and who they are, newest first.
CREATE UNIQUE INDEX tweets_reposts ON tweets (repost_of_id, author_id) WHERE repost_of_id <> 0;
CREATE INDEX tweets_reposts_by_id ON tweets (repost_of_id, id) WHERE repost_of_id <> 0;
-- The list of all tweets without replies and reposts.
CREATE INDEX tweets_first ON tweets (id) WHERE deleted = 0 AND reply_to_id = 0 AND repost_of_id = 0;

-- Who likes which tweet; ids rise with time.
CREATE TABLE tweets_favourites (
    tweet_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (tweet_id, user_id)
);
CREATE INDEX tweets_favourites_of_tweet ON tweets_favourites (tweet_id, id);
CREATE INDEX tweets_favourites_of_user ON tweets_favourites (user_id, id);

-- The tweet on top of each author's profile.
CREATE TABLE tweets_pins (
    author_id BIGINT PRIMARY KEY,
    tweet_id BIGINT NOT NULL
);

-- How many of an author's tweets are replies, and reposts.
ALTER TABLE tweets_counts ADD COLUMN replies BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets_counts ADD COLUMN reposts BIGINT NOT NULL DEFAULT 0;

-- A hashtag as it was typed, by whom and when.
ALTER TABLE tweets_hashtags ADD COLUMN typed TEXT NOT NULL DEFAULT '';
ALTER TABLE tweets_hashtags ADD COLUMN author_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets_hashtags ADD COLUMN made_ms BIGINT NOT NULL DEFAULT 0;
UPDATE tweets_hashtags SET
    typed = hashtag,
    author_id = COALESCE((SELECT t.author_id FROM tweets t WHERE t.id = tweets_hashtags.tweet_id), 0),
    made_ms = COALESCE((SELECT t.created_ms FROM tweets t WHERE t.id = tweets_hashtags.tweet_id), 0);
CREATE INDEX tweets_hashtags_by_time ON tweets_hashtags (made_ms, hashtag, author_id);

-- `user_id` is who likes the tweet.
ALTER TABLE tweets_events ADD COLUMN reply_to_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets_events ADD COLUMN reply_to_author_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets_events ADD COLUMN thread_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets_events ADD COLUMN repost_of_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets_events ADD COLUMN repost_of_author_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE tweets_events ADD COLUMN user_id BIGINT NOT NULL DEFAULT 0;
UPDATE tweets_events SET thread_id = tweet_id;
