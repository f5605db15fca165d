-- Tweets, newest first by id.
CREATE TABLE tweets (
    id BIGINT PRIMARY KEY,
    author_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    edited_ms BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX tweets_by_author ON tweets (author_id, id);

-- Which tweets bear a hashtag, in its compared form.
CREATE TABLE tweets_hashtags (
    hashtag TEXT NOT NULL,
    tweet_id BIGINT NOT NULL,
    PRIMARY KEY (hashtag, tweet_id)
);
CREATE INDEX tweets_hashtags_by_tweet ON tweets_hashtags (tweet_id);

-- How many tweets each author has; author 0 stands for everybody.
CREATE TABLE tweets_counts (
    author_id BIGINT PRIMARY KEY,
    tweets BIGINT NOT NULL
);

-- Idempotency keys and what they gave, kept for a day.
CREATE TABLE tweets_keys (
    user_id BIGINT NOT NULL,
    idempotency_key TEXT NOT NULL,
    digest TEXT NOT NULL,
    tweet_id BIGINT NOT NULL,
    made_ms BIGINT NOT NULL,
    PRIMARY KEY (user_id, idempotency_key)
);
CREATE INDEX tweets_keys_by_time ON tweets_keys (made_ms);

-- What happened, for those who follow it; written with the change itself.
CREATE TABLE tweets_events (
    sequence BIGINT PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    kind TEXT NOT NULL,
    tweet_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    edited_ms BIGINT NOT NULL
);

-- How far another module's events have been followed here; moved with their effect.
CREATE TABLE tweets_positions (
    source TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL
);

-- Authors whose accounts are gone: what they still had on its way is not written.
CREATE TABLE tweets_former_authors (
    author_id BIGINT PRIMARY KEY
);
