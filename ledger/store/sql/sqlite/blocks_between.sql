SELECT position, digest, name, subject, stored FROM blocks
WHERE position >= ? AND position < ? ORDER BY position, digest
