"""Whole archives: many articles in, one table of statements out."""
