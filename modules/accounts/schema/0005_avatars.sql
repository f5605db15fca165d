-- Pictures, as the module has made them of what people sent. With the user stands the version only, which is asked for
-- with every list of people; empty: there is none. (SQLite keeps bytes in a column of any type.)
ALTER TABLE accounts_users ADD COLUMN avatar TEXT NOT NULL DEFAULT '';
CREATE TABLE accounts_avatars (
    user_id BIGINT PRIMARY KEY,
    version TEXT NOT NULL,
    content_type TEXT NOT NULL,
    picture BYTEA NOT NULL
);
