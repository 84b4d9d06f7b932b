SELECT size, root, received_at, key_position FROM ledger_head
