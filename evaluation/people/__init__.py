"""Pairs of speakers in different articles, and how well the people of an archive fit them."""
