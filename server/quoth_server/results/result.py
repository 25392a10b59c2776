"""A reading together with its article, so that it can be shown and tabulated."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Self

from quoth_server.engine.types import Article, Reading, Statement
from quoth_server.results import rows, view

__all__ = ["Result"]


@dataclass(frozen=True, slots=True, repr=False)
class Result(Reading):
    """All that was found in one article, and the article itself.

    In a notebook it shows itself: the text with each statement in the color of its speaker.

    Attributes:
        article: What was read; every offset is a code point of `article.body`, half-open.
    """

    article: Article = field(kw_only=True)

    @classmethod
    def of(cls, reading: Reading, article: Article) -> Self:
        """The result of reading an article."""
        found = {each.name: getattr(reading, each.name) for each in fields(Reading)}
        return cls(**found, article=article)

    @property
    def text(self) -> str:
        """The text of the article, as offsets count it."""
        return self.article.body

    def content_of(self, statement: Statement) -> str:
        """What was said; `[…]` stands where the parts of a split statement leave words out."""
        return statement.content_of(self.text)

    def rows(self) -> list[dict[str, Any]]:
        """A row of plain values for each statement; None where a value is not known.

        The names and values are those of the columns of `quoth bulk`.
        """
        return rows.statement_rows(self, self.text)

    def displacy(self) -> dict[str, Any]:
        """The statements under their speakers' names, for spaCy's displaCy.

        Example:
            displacy.render(result.displacy(), style="ent", manual=True)
        """
        return view.displacy(self, self.text, self.article.title)

    def __repr__(self) -> str:
        return f"<Result: {len(self.statements)} statements, {len(self.speakers)} speakers>"

    def _repr_html_(self) -> str:
        return view.html_frame(self, self.text, self.article.title)
