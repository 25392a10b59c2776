"""Problems as one line for people and as fields for programs."""

from __future__ import annotations

from typing import Any

import grpc

from quoth import (
    DeadlineExceeded,
    InvalidArticle,
    Overloaded,
    QuothError,
    Unauthenticated,
    Unavailable,
    Violation,
)
from quoth_cli.exits import Exit, Failure
from quoth_cli.readers.base import BadRow

__all__ = [
    "Problem",
    "exit_of",
    "failure_of_call",
    "fields_of",
    "line_of",
    "located",
    "missing_package",
    "unexpected",
]

# The extra of quoth-cli that brings a package.
_EXTRAS = {
    "duckdb": "search",
    "matplotlib": "search",
    "pyarrow": "parquet",
    "quoth_server": "engine",
    "ray": "ray",
    "pypdf": "documents",
    "docx": "documents",
} | dict.fromkeys(("htmldate", "lxml", "trafilatura", "warcio"), "html")

Problem = QuothError | Failure | BadRow
"""Why an input has no result."""


def exit_of(problem: Problem) -> Exit:
    """The exit code that a problem ends the command with."""
    match problem:
        case Failure():
            return problem.code
        case BadRow():
            return Exit.INPUT
        case InvalidArticle():
            return Exit.REFUSED
        case Unavailable():
            return Exit.UNAVAILABLE
        case DeadlineExceeded() | Overloaded():
            return Exit.TIMEOUT
        case Unauthenticated():
            return Exit.DENIED
        case _:
            return Exit.FAULT


def line_of(problem: Problem) -> str:
    """What went wrong and what to do, in one line."""
    text = str(problem)
    if isinstance(problem, QuothError):
        text = _message(problem) + (f" ({problem.remedy})" if problem.remedy else "")
    return " ".join(text.split())


def _message(error: QuothError) -> str:
    if not error.violations:
        return error.message
    return "; ".join(f"{_field(each)}: {each.description}" for each in error.violations)


_LONGEST = 300


def unexpected(error: Exception) -> BadRow:
    """The problem of an article during which something went wrong that nobody thought of."""
    said = " ".join(f"{type(error).__name__}: {error}".split())[:_LONGEST]
    return BadRow(f"cannot be read ({said}); this is a bug in quoth, please report it")


def located(place: str, problem: Problem) -> str:
    """The line of a problem behind the place of its input, which a `Failure` names itself."""
    line = line_of(problem)
    return line if isinstance(problem, Failure) else f"{place}: {line}"


def _field(violation: Violation) -> str:
    # Readers of this need not know that articles go over a stream.
    return violation.field.removeprefix("request.")


def failure_of_call(error: QuothError, place: str) -> Failure:
    """What ends the command when the server as a whole, and not one article, failed."""
    return Failure(exit_of(error), f"{place}: {line_of(error)}")


def missing_package(error: ModuleNotFoundError, what: str = "this", extra: str = "") -> Failure:
    """What ends the command when a file, an output or an engine needs a package that is missing.

    Args:
        error: Of its import.
        what: What needs it.
        extra: The extra that has it; without it that of the package, if it is of one.
    """
    name = (error.name or "").partition(".")[0]
    extra = extra or _EXTRAS.get(name, "")
    package = f"quoth-cli[{extra}]" if extra else name
    return Failure(
        Exit.MISSING_PACKAGE,
        f"{what} needs {name}, which is not installed; install it with: pip install '{package}'",
    )


def fields_of(problem: Problem) -> dict[str, Any]:
    """A problem as the `error` of an output line, the same for every kind of problem."""
    if not isinstance(problem, QuothError):
        return {
            "code": grpc.StatusCode.INVALID_ARGUMENT.name,
            "reason": "BAD_LINE",
            "message": line_of(problem),
            "violations": [],
        }
    return {
        "code": problem.code.name,
        "reason": problem.reason,
        "message": _message(problem),
        "violations": [
            {"field": _field(each), "description": each.description, "reason": each.reason}
            for each in problem.violations
        ],
    }
