-- Who somebody is elsewhere. The subject is the id there, which stays when the name there changes hands.
CREATE TABLE accounts_identities (
    provider TEXT NOT NULL,
    subject TEXT NOT NULL,
    user_id BIGINT NOT NULL,
    login TEXT NOT NULL,
    linked_ms BIGINT NOT NULL,
    PRIMARY KEY (provider, subject)
);
CREATE UNIQUE INDEX accounts_identities_by_user ON accounts_identities (user_id, provider);
