"""What writes a form of output."""

from __future__ import annotations

import abc

from quoth.v1 import Article, AttributeQuotesResponse
from quoth_cli.table.rows import ArticleMeta

__all__ = ["Renderer"]


class Renderer(abc.ABC):
    """Writes what was found in one article after the other."""

    @abc.abstractmethod
    def write(self, meta: ArticleMeta, article: Article, response: AttributeQuotesResponse) -> None:
        """Writes one article under the id of `meta`; offsets are code points of its body."""

    def close(self) -> None:  # noqa: B027  (most forms leave nothing)
        """Writes what is left; no article comes after. The caller closes what was opened."""
