"""What to call an article that has no title."""

from __future__ import annotations

import re

__all__ = ["headline_of"]

# As the view (web/article.js) knows a headline, which here must not be a byline or one word either.
_LONGEST = 120
_ENDS_SENTENCE = re.compile(r"[.!?…:;,—-][\"'”’»)\]]*$")
_BYLINE = re.compile(r"by\s", re.IGNORECASE)


def headline_of(body: str) -> str:
    """The first line of a text, if it looks like a headline above more text; else empty."""
    first, _, rest = body.strip().partition("\n")
    line = " ".join(first.split())
    if not rest.strip() or " " not in line or len(line) > _LONGEST:
        return ""
    return "" if _ENDS_SENTENCE.search(line) or _BYLINE.match(line) else line
