"""Who did not answer, and why sources have no name: gold of our own, and how it is scored."""
