"""The project's own gold, and how every figure is repeated."""
