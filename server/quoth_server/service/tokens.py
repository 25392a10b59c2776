"""Bearer tokens that callers send, read from a file and reloaded when it changes."""

from __future__ import annotations

import hashlib
import hmac
import logging
import re
import stat
import time
from dataclasses import dataclass
from pathlib import Path

from quoth_server.service.watch import Watch
from quoth_server.settings import BadSettings

__all__ = ["SHORTEST", "Tokens"]

_log = logging.getLogger(__name__)

SHORTEST = 16
"""Characters of the shortest token taken; a shorter one can be guessed."""

_CHARACTERS = r"[A-Za-z0-9._~+/-]+=*"  # RFC 6750
_LINE = re.compile(rf"(?:(?P<name>[A-Za-z0-9._-]+):)?(?P<token>{_CHARACTERS})")
_BEARER = re.compile(rf"(?i:bearer) +({_CHARACTERS})")
_SECONDS_BETWEEN_LOOKS = 1.0
# The group may read, as a service's secret is often its group's; only the owner may write.
_TOO_OPEN = stat.S_IWGRP | stat.S_IRWXO


@dataclass(frozen=True, slots=True)
class _Known:
    name: str
    digest: bytes


class Tokens:
    """The tokens of a file: one a line, `token` or `name:token`; `#` begins a comment.

    Several are valid at once, so that one is replaced by adding the new, moving the callers over,
    and taking the old away. Only digests are kept in memory.

    Args:
        file: read now, and again at most a second after it has changed. A file that is wrong then
            leaves the old tokens in force, and is tried again every second.

    Raises:
        BadSettings: if the file cannot be read or has a bad line, which is named by its number.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._watch = Watch(file)
        self._known = _read(file)
        self._next_look = time.monotonic() + _SECONDS_BETWEEN_LOOKS
        self._told = ""

    def name_of(self, authorization: str) -> str | None:
        """The name of the token in an `authorization` header; None if it is not a known one.

        A token without a name is called by its line, as `line 3`.
        """
        self._look()
        found = _BEARER.fullmatch(authorization)
        given = _digest(found[1] if found else "")
        # All are compared whatever the outcome, so that the time tells nothing.
        name = None
        for known in self._known:
            if hmac.compare_digest(known.digest, given):
                name = known.name
        return name

    def _look(self) -> None:
        now = time.monotonic()
        if now < self._next_look:
            return
        self._next_look = now + _SECONDS_BETWEEN_LOOKS
        try:
            with self._watch.changes() as changed:
                if not changed:
                    return
                self._known = _read(self._file)
        except BadSettings as error:
            if str(error) != self._told:  # it is tried again and again
                _log.warning(
                    "the new tokens are not used; the old ones stay", extra={"cause": str(error)}
                )
            self._told = str(error)
            return
        self._told = ""
        _log.info(
            "the tokens have changed", extra={"names": ", ".join(k.name for k in self._known)}
        )

    def look_again(self) -> None:
        """Reads the file again, also if it seems to be the same."""
        self._watch.look_again()
        self._next_look = 0.0
        self._look()


def _read(file: Path) -> tuple[_Known, ...]:
    try:
        mode = file.stat().st_mode
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"--token-file {file} cannot be read: {_cause(error)}") from error
    if mode & _TOO_OPEN:
        _log.warning(
            "others can read the tokens; run: chmod 600",
            extra={"file": str(file), "mode": f"{stat.S_IMODE(mode):03o}"},
        )
    known = []
    for number, line in enumerate(lines, start=1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        found = _LINE.fullmatch(text)
        if not found:
            raise BadSettings(
                f"--token-file {file}: line {number} is not TOKEN or NAME:TOKEN, "
                "of letters, digits and -._~+/"
            )
        if len(found["token"]) < SHORTEST:
            raise BadSettings(
                f"--token-file {file}: the token in line {number} is too short; it must have at "
                f"least {SHORTEST} characters; make one with: openssl rand -hex 32"
            )
        known.append(_Known(found["name"] or f"line {number}", _digest(found["token"])))
    if not known:
        raise BadSettings(f"--token-file {file} has no token; write one per line")
    return tuple(known)


def _cause(error: OSError | UnicodeDecodeError) -> str:
    # The message of a decoding error has bytes of the file.
    return error.strerror or str(error) if isinstance(error, OSError) else "it is not text"


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()
