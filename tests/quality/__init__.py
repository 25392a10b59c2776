"""How good the answers are on all gold there is: `python -m tests.quality`."""
