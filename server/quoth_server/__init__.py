"""The quoth service: reads news articles and finds who said what, in which role and when."""

__version__ = "0.1.0"
__all__ = ["__version__"]
