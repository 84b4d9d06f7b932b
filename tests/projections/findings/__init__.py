"""What became of the findings."""
