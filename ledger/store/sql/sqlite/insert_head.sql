INSERT INTO ledger_head (one, origin, schema_version, size, root, received_at, key_position)
VALUES (1, ?, ?, 0, ?, NULL, NULL)
