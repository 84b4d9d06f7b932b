SELECT data FROM tiles WHERE level = ? AND tile = ?
