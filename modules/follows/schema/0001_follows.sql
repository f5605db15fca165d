-- Who follows whom. The id tells when, and is the cursor of lists.
CREATE TABLE follows (
    follower_id BIGINT NOT NULL,
    followed_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (follower_id, followed_id)
);
CREATE INDEX follows_by_follower ON follows (follower_id, id, followed_id);
CREATE INDEX follows_by_followed ON follows (followed_id, id, follower_id);
CREATE INDEX follows_by_id ON follows (id);

-- Who blocks whom, and who mutes whom.
CREATE TABLE follows_blocks (
    user_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (user_id, target_id)
);
CREATE INDEX follows_blocks_by_user ON follows_blocks (user_id, id, target_id);
CREATE INDEX follows_blocks_by_target ON follows_blocks (target_id, user_id);
CREATE INDEX follows_blocks_by_id ON follows_blocks (id);

CREATE TABLE follows_mutes (
    user_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    PRIMARY KEY (user_id, target_id)
);
CREATE INDEX follows_mutes_by_user ON follows_mutes (user_id, id, target_id);
CREATE INDEX follows_mutes_by_target ON follows_mutes (target_id, user_id);
CREATE INDEX follows_mutes_by_id ON follows_mutes (id);

-- How many follow each person, and how many they follow. No row: none.
CREATE TABLE follows_counts (
    user_id BIGINT PRIMARY KEY,
    followers BIGINT NOT NULL,
    following BIGINT NOT NULL
);

-- What happened, for those who follow it; written with the change itself. The kinds are those of the contract.
CREATE TABLE follows_events (
    sequence BIGINT PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    kind BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    target_id BIGINT NOT NULL
);

-- How far another module's events have been followed here; moved with their effect.
CREATE TABLE follows_positions (
    source TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL
);

-- People whose accounts are gone: what was still on its way to or from them is not done.
CREATE TABLE follows_former_users (
    user_id BIGINT PRIMARY KEY
);
