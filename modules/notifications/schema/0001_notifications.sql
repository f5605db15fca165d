-- Who is told of what: the newest 1,000 of each person. tweet_id is 0 for a follow.
CREATE TABLE notifications (
    id BIGINT PRIMARY KEY,
    user_id BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    actor_id BIGINT NOT NULL,
    tweet_id BIGINT NOT NULL,
    created_ms BIGINT NOT NULL
);
CREATE UNIQUE INDEX notifications_once ON notifications (user_id, kind, actor_id, tweet_id);
CREATE INDEX notifications_by_user ON notifications (user_id, id);
CREATE INDEX notifications_by_actor ON notifications (actor_id, user_id);
CREATE INDEX notifications_by_tweet ON notifications (tweet_id);

-- Who has been told of a tweet that mentions or answers them, so that an edit tells nobody twice, also after the
-- notification was dismissed. Goes with the tweet.
CREATE TABLE notifications_told (
    tweet_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    PRIMARY KEY (tweet_id, user_id)
);
CREATE INDEX notifications_told_by_user ON notifications_told (user_id);

-- Up to where each person has read.
CREATE TABLE notifications_read (
    user_id BIGINT PRIMARY KEY,
    read_id BIGINT NOT NULL
);

-- New notifications, for those who tell people at once.
CREATE TABLE notifications_events (
    sequence BIGINT PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    notification_id BIGINT NOT NULL
);

-- How far other modules' events have been followed here; moved with their effect.
CREATE TABLE notifications_positions (
    source TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL
);

-- People whose accounts are gone: nothing more is told to them, or of them.
CREATE TABLE notifications_former_people (
    user_id BIGINT PRIMARY KEY
);
