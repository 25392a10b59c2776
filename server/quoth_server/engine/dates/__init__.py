"""Step 8: when each statement was made."""
