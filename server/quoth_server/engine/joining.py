"""The parts of a statement as one text."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

__all__ = ["GAP", "joined"]

GAP = " […] "
"""Stands where words between two parts are left out."""

_NO_WORDS = re.compile(r"""[\s>"“”„‟«»‹›'‘’‚‛`]*""")


def joined(parts: Sequence[tuple[int, int]], body: str) -> str:
    """The parts `[start, end)` of a body as one text, `GAP` where words stand between two.

    Where a quotation goes on in a new paragraph, only white space and marks part it.
    """
    texts = [body[start:end] for start, end in parts[:1]]
    for (_, end), (start, last) in itertools.pairwise(parts):
        texts += [" " if _NO_WORDS.fullmatch(body, end, start) else GAP, body[start:last]]
    return "".join(texts)
