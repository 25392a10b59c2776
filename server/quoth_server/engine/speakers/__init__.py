"""Step 6: links every statement to its speaker, under the fullest name the article uses."""

from quoth_server.engine.speakers.cast import Speakers, link, read

__all__ = ["Speakers", "link", "read"]
