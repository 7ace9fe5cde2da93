-- migrate:up transaction:false
-- Readers and a writer no longer wait for each other. The mode is kept in the file; SQLite changes it only
-- outside a transaction.
pragma journal_mode = wal;

-- migrate:down transaction:false
pragma journal_mode = delete;
