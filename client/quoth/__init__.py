"""Who said what, in which role and when: the client of the quoth service."""

__version__ = "0.1.0"
__all__ = ["__version__"]
