"""`VerifyQuote` from its request to its response, wherever it is answered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from quoth import v1
from quoth_server.archive.answer import Answer
from quoth_server.archive.messages import Writer
from quoth_server.archive.validation import Checks
from quoth_server.archive.verify import Quotation
from quoth_server.service.enums import number

if TYPE_CHECKING:
    from quoth_server.archive.archive import View

__all__ = ["Job", "checked", "response", "state"]

Encoding: TypeAlias = v1.OffsetEncoding.ValueType


@dataclass(frozen=True, slots=True)
class Job:
    """A request found good; `speaker` is empty for anybody, `places` is the most to report."""

    quotation: Quotation
    speaker: str
    encoding: Encoding
    places: int


def checked(request: v1.VerifyQuoteRequest, checks: Checks) -> Job | None:
    """The job of a request, but for its article; None if `checks` has what is wrong with it."""
    checks.required("quotation", request.quotation)
    checks.text("speaker", request.speaker)
    encoding = checks.encoding(request.offset_encoding)
    places = checks.number("max_places", request.max_places)
    try:
        quotation = Quotation(request.quotation)
    except ValueError:
        if request.quotation:
            checks.no_word("quotation")
        return None
    return None if checks else Job(quotation, request.speaker, encoding, places)


def response(
    job: Job,
    answer: Answer,
    text_of: Callable[[int], str | None],
    person_of: Callable[[int], str] = lambda _: "",
    archive: v1.ArchiveState | None = None,
) -> v1.VerifyQuoteResponse:
    """The response to a job.

    By the number of a statement, `text_of` gives the text of its article, and `person_of` the id of
    who said it.
    """
    return v1.VerifyQuoteResponse(
        outcome=number(v1.VerifyOutcome, answer.outcome),
        places=[
            Writer(place.statement, text_of(place.number), job.encoding).place(
                place, job.quotation.text, person_of(place.number)
            )
            for place in answer.places[: job.places]
        ],
        total_places=len(answer.places),
        offset_encoding=job.encoding,
        archive=archive,
    )


def state(view: View, *, behind: bool = False) -> v1.ArchiveState:
    """What an archive holds."""
    stored = view.stored
    return v1.ArchiveState(
        statements=stored.statements,
        articles=stored.articles,
        updating=behind,
        has_text=stored.has_text,
    )
