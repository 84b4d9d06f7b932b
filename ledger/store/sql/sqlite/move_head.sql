UPDATE ledger_head SET size = ?, root = ?, received_at = ?, key_position = ?
