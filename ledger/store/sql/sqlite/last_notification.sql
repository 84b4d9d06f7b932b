SELECT max(position) + 1 FROM events
