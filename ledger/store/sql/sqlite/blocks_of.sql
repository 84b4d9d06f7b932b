SELECT digest, name, subject, stored FROM blocks WHERE position = ? ORDER BY digest
