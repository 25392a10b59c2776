"""An archive asked without a server: no engine is needed to look something up."""

from __future__ import annotations

from pathlib import Path

import grpc

from quoth import InvalidArticle, QuothError, Violation, v1
from quoth_server.archive import verifying
from quoth_server.archive.answer import in_archive
from quoth_server.archive.archive import Archive
from quoth_server.archive.errors import BadArchive
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
            self._archive = Archive(path, index)
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
            wrong = errors.invalid(checks.violations)
            raise InvalidArticle(
                wrong.message,
                code=wrong.code,
                reason=wrong.reason,
                violations=[Violation(v.field, v.description, v.reason) for v in wrong.violations],
                metadata=wrong.metadata,
            )
        view = self._archive.view
        answer = in_archive(view, job.quotation, speaker)
        return verifying.response(job, answer, view.rows.text, archive=verifying.state(view))
