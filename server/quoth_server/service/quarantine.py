"""Texts that ended the processes which read them, kept from doing it again.

One process lost is chance. A second one lost over the same text, or a second time that it takes all
the time an article may have, and it is refused for a while: each further try would cost every other
caller a worker.
"""

from __future__ import annotations

import hashlib
import time
from collections import OrderedDict
from dataclasses import dataclass

__all__ = ["Quarantine", "Quarantined", "digest"]

_STRIKES = 2
_SECONDS = 600.0
_SIZE = 1024  # texts remembered; some 200 bytes each


@dataclass(eq=False)
class Quarantined(Exception):
    """The text has ended too many processes.

    Attributes:
        digest: The name of the text, see `digest`.
        strikes: How many processes it has ended.
        seconds: When it is read again.
    """

    digest: str
    strikes: int
    seconds: float


def digest(body: str) -> str:
    """A name for a text that gives nothing of it away: 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(body.encode()).hexdigest()[:16]


@dataclass(slots=True)
class _Record:
    strikes: int
    until: float


class Quarantine:
    """What is known against texts, the latest of them and for a while only."""

    def __init__(self) -> None:
        # The oldest strike first: what expires, and what is too much, leaves at the front.
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def __len__(self) -> int:
        return len(self._records)

    def check(self, body: str) -> None:
        """Returns if the text may be read.

        Raises:
            Quarantined: if it may not.
        """
        self._expire()
        if not self._records:  # nearly always; the text need not be hashed then
            return
        name = digest(body)
        record = self._records.get(name)
        if record and record.strikes >= _STRIKES:
            raise Quarantined(name, record.strikes, record.until - time.monotonic())

    def strike(self, body: str) -> None:
        """Notes that the text has ended a process."""
        self._expire()
        name = digest(body)
        record = self._records.pop(name, _Record(0, 0.0))
        self._records[name] = _Record(record.strikes + 1, time.monotonic() + _SECONDS)
        if len(self._records) > _SIZE:
            self._records.popitem(last=False)

    def clear(self, body: str) -> None:
        """Notes that the text was read, so that it was not to blame."""
        if self._records:
            self._records.pop(digest(body), None)

    def _expire(self) -> None:
        now = time.monotonic()
        while self._records and next(iter(self._records.values())).until <= now:
            self._records.popitem(last=False)
