"""The engine of `quoth bulk --engine ray`."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

from quoth_cli.bulk.encoded import Encoded, Encoder
from quoth_cli.bulk.feed import Feed
from quoth_cli.bulk.job import Job, Reading
from quoth_cli.exits import Exit, Failure
from quoth_cli.problems import missing_package
from quoth_cli.readers.streams import STDIN

__all__ = ["on_ray"]

# Those that say how a server is reached; an actor needs none of them, and no token travels.
_SERVER_ONLY = frozenset({"QUOTH_SERVER", "QUOTH_TOKEN", "QUOTH_TOKEN_FILE", "QUOTH_INSECURE"})


def on_ray(job: Job, address: str, workers: int | None, timeout: float) -> Reading:
    """Reads articles on a Ray cluster, in any order.

    Args:
        job: Says what is asked for.
        address: See `cluster`.
        workers: How many engines, of a core each; None is one for each core of the cluster.
        timeout: Seconds that each of them may take for its next answer.

    Raises:
        Failure: A package is not installed, a setting is wrong, or the input is a pipe.
    """
    try:
        from quoth_cli.cluster.actor import Wanted
        from quoth_cli.cluster.job import cluster, results
        from quoth_server import settings
    except ModuleNotFoundError as error:
        raise missing_package(error) from error
    try:
        settings.read([])  # bad settings are reported here, not by each actor
    except settings.BadSettings as error:
        raise Failure(Exit.USAGE, str(error)) from error
    if STDIN in job.sources:
        raise Failure(Exit.USAGE, "--engine ray reads files, not standard input; name them")
    variables = {
        name: value
        for name, value in os.environ.items()
        if name.startswith("QUOTH_") and name not in _SERVER_ONLY
    }

    @contextlib.contextmanager
    def reading(feed: Feed, encode: Encoder) -> Iterator[Iterator[Encoded]]:
        wanted = Wanted(encode, job.statements, timeout, variables)
        with cluster(address) as available:
            yield results(feed, wanted, workers or available)

    return reading
