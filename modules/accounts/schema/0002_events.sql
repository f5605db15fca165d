-- Events tell of people who come and change as well: that a person came and last changed, or that they left. What is
-- told of a person is what they are now, so an older change says nothing more.
CREATE INDEX accounts_events_by_user ON accounts_events (user_id);
INSERT INTO accounts_events (sequence, at_ms, kind, user_id)
    SELECT (SELECT COALESCE(MAX(sequence), 0) FROM accounts_events) + ROW_NUMBER() OVER (ORDER BY id),
           created_ms, 'created', id
    FROM accounts_users;
