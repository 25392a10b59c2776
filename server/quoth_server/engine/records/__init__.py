"""What the record network reads, and what it answers."""
