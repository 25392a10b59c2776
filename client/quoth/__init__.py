"""Who said what, in which role and when: the client of the quoth service.

    from quoth import Client, speaker_of

    with Client("127.0.0.1:50051") as quoth:
        answer = quoth.attribute(text, published="2019-05-25")
        for statement in answer.statements:
            print(speaker_of(answer, statement), statement.content_spans)

`quoth.v1` has the messages and enums of the contract.
"""

from quoth._async.client import AsyncClient
from quoth._bulk import Outcome
from quoth._channel import TLS
from quoth._errors import (
    DeadlineExceeded,
    InvalidArticle,
    Overloaded,
    QuothError,
    Unauthenticated,
    Unavailable,
    UnsupportedLanguage,
    Violation,
)
from quoth._health import HealthStatus
from quoth._requests import article
from quoth._spans import Slicer, content_of, speaker_of
from quoth._sync.client import Client

__version__ = "0.1.0"

__all__ = [
    "TLS",
    "AsyncClient",
    "Client",
    "DeadlineExceeded",
    "HealthStatus",
    "InvalidArticle",
    "Outcome",
    "Overloaded",
    "QuothError",
    "Slicer",
    "Unauthenticated",
    "Unavailable",
    "UnsupportedLanguage",
    "Violation",
    "__version__",
    "article",
    "content_of",
    "speaker_of",
]
