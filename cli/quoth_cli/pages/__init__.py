"""Articles from HTML pages: the text, and what the page says about it. Needs the extra `html`."""

from quoth_cli.pages.encoding import decode
from quoth_cli.pages.extraction import Extracted, NoArticle, extract, looks_like_html
from quoth_cli.pages.process import MAX_PAGE_BYTES, extract_apart

__all__ = [
    "MAX_PAGE_BYTES",
    "Extracted",
    "NoArticle",
    "decode",
    "extract",
    "extract_apart",
    "looks_like_html",
]
