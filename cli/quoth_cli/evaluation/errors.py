"""What is wrong with gold or predictions."""

__all__ = ["GoldError"]


class GoldError(ValueError):
    """A mistake in a file of gold or predictions; the message names file, place and words."""
