INSERT INTO refused (received_at, code, envelope) VALUES (?, ?, ?)
