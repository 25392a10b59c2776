"""`quoth health`: whether a server takes calls."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from quoth import HealthStatus
from quoth_cli.attributor import connect
from quoth_cli.connection import ConnectionOptions, Timeout
from quoth_cli.exits import Exit
from quoth_cli.outcome import ending

__all__ = ["health"]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Options(ConnectionOptions):
    timeout: Timeout = 5


@ending
def health(connection: _Options) -> Exit:
    """Check whether a server takes calls; the exit code is 0 if so, otherwise 5."""
    with connect(connection) as client:
        status = client.health()
    sys.stdout.write(f"{status.name}\n")
    return Exit.OK if status is HealthStatus.SERVING else Exit.UNAVAILABLE
