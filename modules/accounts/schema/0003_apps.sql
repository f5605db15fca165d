-- Programs that act for people. Of a secret, a code and a token only the SHA-256 is kept.
CREATE TABLE accounts_apps (
    id BIGINT PRIMARY KEY,
    client_id TEXT NOT NULL UNIQUE,
    secret_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    website TEXT NOT NULL,
    redirect_uris TEXT NOT NULL,
    scopes TEXT NOT NULL,
    created_ms BIGINT NOT NULL
);

-- Codes that nobody has brought yet.
CREATE TABLE accounts_codes (
    code_hash TEXT PRIMARY KEY,
    app_id BIGINT NOT NULL,
    user_id BIGINT NOT NULL,
    redirect_uri TEXT NOT NULL,
    scopes TEXT NOT NULL,
    challenge TEXT NOT NULL,
    expires_ms BIGINT NOT NULL
);
CREATE INDEX accounts_codes_by_user ON accounts_codes (user_id, expires_ms);
CREATE INDEX accounts_codes_by_end ON accounts_codes (expires_ms);

-- A program's token is a session of its user, or of nobody (user 0). App 0: a browser. The code that it was given for
-- stays with it, so that one who brings the code again is noticed for as long as the token lives.
ALTER TABLE accounts_sessions ADD COLUMN app_id BIGINT NOT NULL DEFAULT 0;
ALTER TABLE accounts_sessions ADD COLUMN scopes TEXT NOT NULL DEFAULT '';
ALTER TABLE accounts_sessions ADD COLUMN code_hash TEXT;
CREATE UNIQUE INDEX accounts_sessions_by_code ON accounts_sessions (code_hash);
DROP INDEX accounts_sessions_by_use;
CREATE INDEX accounts_sessions_by_use ON accounts_sessions (app_id, last_used_ms);
