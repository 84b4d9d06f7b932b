"""What became of the findings: seen, explained, decided, closed, open again; by whom, when, and how old they are."""
