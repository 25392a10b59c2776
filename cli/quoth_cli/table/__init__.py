"""The table of statements: its rows and columns, and how it is searched and counted."""
