"""Text in, frozen data out: finds who said what, in which role, on which day."""
