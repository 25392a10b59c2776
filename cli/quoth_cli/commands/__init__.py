"""The `quoth` commands, one module each."""
