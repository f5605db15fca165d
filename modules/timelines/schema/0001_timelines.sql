-- What is in whose home. A person's own tweets are among it.
CREATE TABLE timelines (
    owner_id BIGINT NOT NULL,
    tweet_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    repost_of_id BIGINT NOT NULL,
    repost_of_author_id BIGINT NOT NULL,
    PRIMARY KEY (owner_id, tweet_id)
);

-- Whose home is complete, and from which tweet on (0: all of it). Older ones are in the authors' lists only.
CREATE TABLE timelines_owners (
    owner_id BIGINT PRIMARY KEY,
    oldest_id BIGINT NOT NULL
);

-- Whose tweets a person is not to see, for which reasons (store.h).
CREATE TABLE timelines_hidden (
    owner_id BIGINT NOT NULL,
    other_id BIGINT NOT NULL,
    why BIGINT NOT NULL,
    PRIMARY KEY (owner_id, other_id, why)
);
CREATE INDEX timelines_hidden_by_other ON timelines_hidden (other_id);

-- Authors with very many followers, whose tweets are merged in at reading; and who follows them.
CREATE TABLE timelines_merged_authors (
    author_id BIGINT PRIMARY KEY
);
CREATE TABLE timelines_merged (
    owner_id BIGINT NOT NULL,
    author_id BIGINT NOT NULL,
    PRIMARY KEY (owner_id, author_id)
);

-- How far other modules' events have been followed here, moved with their effect; and when the last one of the
-- tweets happened (source "tweets_at_ms").
CREATE TABLE timelines_positions (
    source TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL
);

-- How far making it all again has come: one row with id 1 while and after it is done.
CREATE TABLE timelines_rebuild (
    id BIGINT PRIMARY KEY,
    phase BIGINT NOT NULL,
    page BIGINT NOT NULL,
    people BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    accounts_sequence BIGINT NOT NULL,
    follows_sequence BIGINT NOT NULL,
    tweets_sequence BIGINT NOT NULL
);
