SELECT 1 FROM blocks WHERE digest = ?
