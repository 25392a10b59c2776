"""Readers of archives, one module a kind of input."""
