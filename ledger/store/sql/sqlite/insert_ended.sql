INSERT INTO ended (position, under) VALUES (?, ?)
