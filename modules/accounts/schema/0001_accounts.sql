-- People. Names are kept in lower case; an e-mail as it was typed, and folded to be compared.
CREATE TABLE accounts_users (
    id BIGINT PRIMARY KEY,
    username TEXT NOT NULL UNIQUE,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    password_version BIGINT NOT NULL,
    display_name TEXT NOT NULL,
    bio TEXT NOT NULL,
    link TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);

-- How many there are of a kind, so that a list need not count them.
CREATE TABLE accounts_counts (
    kind TEXT PRIMARY KEY,
    amount BIGINT NOT NULL
);
INSERT INTO accounts_counts (kind, amount) VALUES ('users', 0);

-- Open sessions. Of a token only its SHA-256 is kept.
CREATE TABLE accounts_sessions (
    id BIGINT PRIMARY KEY,
    token_hash TEXT NOT NULL UNIQUE,
    user_id BIGINT NOT NULL,
    created_ms BIGINT NOT NULL,
    last_used_ms BIGINT NOT NULL,
    address TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    idempotency_key TEXT NOT NULL
);
CREATE INDEX accounts_sessions_by_user ON accounts_sessions (user_id, last_used_ms);
CREATE INDEX accounts_sessions_by_use ON accounts_sessions (last_used_ms);

-- Tries at passwords, by account and by address; the key is a hash.
CREATE TABLE accounts_tries (
    try_key TEXT PRIMARY KEY,
    failures BIGINT NOT NULL,
    delay_ms BIGINT NOT NULL,
    refused_until_ms BIGINT NOT NULL,
    forgotten_ms BIGINT NOT NULL
);
CREATE INDEX accounts_tries_by_end ON accounts_tries (forgotten_ms);

-- Idempotency keys and the user whom the call made or changed, kept for a day. User 0: nobody was signed in.
CREATE TABLE accounts_keys (
    user_id BIGINT NOT NULL,
    idempotency_key TEXT NOT NULL,
    digest TEXT NOT NULL,
    subject_id BIGINT NOT NULL,
    made_ms BIGINT NOT NULL,
    PRIMARY KEY (user_id, idempotency_key)
);
CREATE INDEX accounts_keys_by_time ON accounts_keys (made_ms);
CREATE INDEX accounts_keys_by_subject ON accounts_keys (subject_id);

-- What happened, for those who follow it; written with the change itself, and never thrown away: a row is a
-- person who left, and a follower who starts anew has to hear of all of them.
CREATE TABLE accounts_events (
    sequence BIGINT PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    kind TEXT NOT NULL,
    user_id BIGINT NOT NULL
);

-- Names of deleted accounts; nobody gets them again.
CREATE TABLE accounts_former_names (
    username TEXT PRIMARY KEY,
    deleted_ms BIGINT NOT NULL
);
