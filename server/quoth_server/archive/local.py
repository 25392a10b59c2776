"""An archive asked without a server: no engine is needed to look something up."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import grpc

from quoth import InvalidArticle, QuothError, Violation, v1
from quoth_server.archive import verifying
from quoth_server.archive.answer import in_archive
from quoth_server.archive.archive import opened
from quoth_server.archive.errors import BadArchive
from quoth_server.archive.people import BadTable, people_fields, read
from quoth_server.archive.question import Order, Question
from quoth_server.archive.register import register
from quoth_server.archive.repeats import repeat_fields, repeats
from quoth_server.archive.validation import Checks
from quoth_server.service import errors

__all__ = ["LocalArchive"]


class LocalArchive:
    """An archive on this machine; its index is made first where it is not current.

    Args:
        path: A Parquet file of `quoth bulk`, or a folder of them.
        index: The folder of the index; beside the archive if it is not given.

    Raises:
        QuothError: The archive cannot be read, or the index cannot be written; the code is
            FAILED_PRECONDITION.
    """

    def __init__(self, path: Path, index: Path | None = None) -> None:
        try:
            self._view = opened(path, index)
        except BadArchive as error:
            raise QuothError(str(error), code=grpc.StatusCode.FAILED_PRECONDITION) from error

    def verify(self, quotation: str, *, speaker: str = "") -> v1.VerifyQuoteResponse:
        """See `quoth.Client.verify`.

        Raises:
            InvalidArticle: The quotation has no word, or a text is too long.
        """
        request = v1.VerifyQuoteRequest(quotation=quotation, speaker=speaker)
        checks = Checks()
        job = verifying.checked(request, checks)
        if not job:
            wrong = errors.invalid(checks)
            raise InvalidArticle(
                wrong.message,
                code=wrong.code,
                reason=wrong.reason,
                violations=[Violation(v.field, v.description, v.reason) for v in wrong.violations],
                metadata=wrong.metadata,
            )
        view = self._view
        answer = in_archive(view, job.quotation, speaker)
        return verifying.response(job, answer, view.rows.text, archive=verifying.state(view))

    def less_likely(self, least: float) -> int:
        """How many statements are less sure."""
        counted = [
            self._view.index.search(Question(min_confidence=each), Order.ARCHIVE, limit=0)[1]
            for each in (0, least)
        ]
        return counted[0] - counted[1]

    def people(
        self,
        *,
        name: str = "",
        types: Iterable[str] = (),
        known: Path | None = None,
        least: float = 0,
    ) -> list[dict[str, Any]]:
        """The people and bodies that speak, those with most statements first, as plain values.

        Args:
            name: Words of a name, in any order; `Merk*` is the beginning of one.
            types: "person", "organization" and "place"; none are all.
            known: A table of people whom the user knows.
            least: The confidence of the statements that count.

        Raises:
            QuothError: The table cannot be read; the code is INVALID_ARGUMENT.
        """
        try:
            table = read(known) if known else []
        except (BadTable, OSError) as error:
            raise QuothError(_told(error), code=grpc.StatusCode.INVALID_ARGUMENT) from error
        found = register(self._view, table, least=least).named(name, frozenset(types))
        return [people_fields(person) for person in found]

    def repeats(self, *, least: float = 0) -> Iterator[dict[str, Any]]:
        """The quotations that several articles have, as plain values; `least` as for `people`."""
        return map(repeat_fields, repeats(self._view.rows, least=least))


def _told(error: Exception) -> str:
    if isinstance(error, OSError):
        return f"{error.filename}: cannot be read: {error.strerror}; check the path"
    return str(error)
