"""Scores answers on gold: records, attributions and cases; `quoth evaluate` shows them."""
