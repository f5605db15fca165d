-- Tweets as they are compared (text.h), the segment that has their grams, and their number in it; segment 0: none yet,
-- they are looked through.
CREATE TABLE search_tweets (
    tweet_id BIGINT PRIMARY KEY,
    author_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    segment BIGINT NOT NULL,
    number BIGINT NOT NULL
);
CREATE INDEX search_tweets_by_number ON search_tweets (segment, number);
CREATE INDEX search_tweets_recent ON search_tweets (tweet_id) WHERE segment = 0;

-- A run of tweets that were indexed together: their ids (8 bytes each, the lowest byte first) by number. Those that
-- were deleted or edited since are among them.
CREATE TABLE search_segments (
    segment BIGINT PRIMARY KEY,
    lowest_id BIGINT NOT NULL,
    highest_id BIGINT NOT NULL,
    tweets BIGINT NOT NULL,
    ids BYTEA NOT NULL
);

-- Which tweets of a segment have a gram: their numbers (postings.h).
CREATE TABLE search_grams (
    gram BIGINT NOT NULL,
    segment BIGINT NOT NULL,
    postings BYTEA NOT NULL,
    PRIMARY KEY (gram, segment)
);

CREATE TABLE search_tags (
    hashtag TEXT NOT NULL,
    tweet_id BIGINT NOT NULL,
    PRIMARY KEY (hashtag, tweet_id)
);
CREATE INDEX search_tags_by_tweet ON search_tags (tweet_id);

CREATE TABLE search_hashtags (
    hashtag TEXT PRIMARY KEY,
    shown TEXT NOT NULL,
    tweets BIGINT NOT NULL
);

-- Names as they are compared.
CREATE TABLE search_people (
    user_id BIGINT PRIMARY KEY,
    username TEXT NOT NULL,
    display_name TEXT NOT NULL
);
CREATE INDEX search_people_by_username ON search_people (username);
CREATE INDEX search_people_by_display_name ON search_people (display_name);

CREATE TABLE search_people_grams (
    gram BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (gram, user_id)
);
CREATE INDEX search_people_grams_by_user ON search_people_grams (user_id);

-- How far other modules' events have been followed here, moved with their effect.
CREATE TABLE search_positions (
    source TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL
);

-- How far making it all again has come: one row with id 1.
CREATE TABLE search_rebuild (
    id BIGINT PRIMARY KEY,
    phase BIGINT NOT NULL,
    newest_id BIGINT NOT NULL,
    accounts_sequence BIGINT NOT NULL,
    tweets_sequence BIGINT NOT NULL
);
