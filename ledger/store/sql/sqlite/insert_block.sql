INSERT INTO blocks (digest, position, name, subject, stored) VALUES (?, ?, ?, ?, ?)
