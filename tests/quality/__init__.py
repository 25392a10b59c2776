"""Accuracy of the running service on gold documents: `python -m tests.quality`."""
