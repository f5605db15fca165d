-- Programs that nobody uses are forgotten, the oldest first.
CREATE INDEX accounts_apps_by_time ON accounts_apps (created_ms);
