SELECT origin, schema_version FROM ledger_head
