-- Messages of two people: the one with the lower id and the one with the higher. Hidden: one of them deleted
-- it for themselves.
CREATE TABLE messages (
    id BIGINT PRIMARY KEY,
    low_id BIGINT NOT NULL,
    high_id BIGINT NOT NULL,
    from_id BIGINT NOT NULL,
    text TEXT NOT NULL,
    created_ms BIGINT NOT NULL,
    hidden_for_low BIGINT NOT NULL DEFAULT 0,
    hidden_for_high BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX messages_by_pair ON messages (low_id, high_id, id);
CREATE INDEX messages_by_high ON messages (high_id, id);
CREATE INDEX messages_by_sender ON messages (from_id, created_ms);

-- A conversation as one of the two sees it. last_id is 0 while they see no message in it; incoming_id is the last
-- message from the other; cleared_id: the messages up to this one were deleted together.
CREATE TABLE messages_conversations (
    owner_id BIGINT NOT NULL,
    with_id BIGINT NOT NULL,
    last_id BIGINT NOT NULL,
    incoming_id BIGINT NOT NULL,
    read_id BIGINT NOT NULL DEFAULT 0,
    cleared_id BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (owner_id, with_id)
);
CREATE INDEX messages_conversations_by_last ON messages_conversations (owner_id, last_id);
CREATE INDEX messages_conversations_by_other ON messages_conversations (with_id);
CREATE INDEX messages_conversations_unread ON messages_conversations (owner_id) WHERE incoming_id > read_id;

-- Idempotency keys and what they gave, kept for a day.
CREATE TABLE messages_keys (
    user_id BIGINT NOT NULL,
    idempotency_key TEXT NOT NULL,
    digest TEXT NOT NULL,
    message_id BIGINT NOT NULL,
    made_ms BIGINT NOT NULL,
    PRIMARY KEY (user_id, idempotency_key)
);
CREATE INDEX messages_keys_by_time ON messages_keys (made_ms);

-- What was sent, for those who tell people at once.
CREATE TABLE messages_events (
    sequence BIGINT PRIMARY KEY,
    at_ms BIGINT NOT NULL,
    message_id BIGINT NOT NULL
);

-- How far another module's events have been followed here; moved with their effect.
CREATE TABLE messages_positions (
    source TEXT PRIMARY KEY,
    sequence BIGINT NOT NULL
);

-- People whose accounts are gone: what they still had on its way is not written.
CREATE TABLE messages_former_people (
    user_id BIGINT PRIMARY KEY
);
