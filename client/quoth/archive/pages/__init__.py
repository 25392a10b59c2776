"""Articles from HTML pages: the text, and what the page says about it. Needs the extra `html`."""

from quoth.archive.pages.encoding import decode
from quoth.archive.pages.extraction import Extracted, NoArticle, extract, looks_like_html

__all__ = ["Extracted", "NoArticle", "decode", "extract", "looks_like_html"]
