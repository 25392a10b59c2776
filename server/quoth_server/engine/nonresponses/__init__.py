"""Who did not answer: "declined to comment", "did not respond", "could not be reached"."""

from quoth_server.engine.nonresponses.told import Told, find, not_stated, without

__all__ = ["Told", "find", "not_stated", "without"]
