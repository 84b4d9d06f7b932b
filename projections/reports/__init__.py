"""Reports: what the ledger knows in tables for business-intelligence tools, without anybody's name or values."""
