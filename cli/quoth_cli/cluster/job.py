"""The articles of a feed through a Ray cluster: read here, attributed everywhere, back here."""

from __future__ import annotations

import contextlib
import logging
import os
import socket
from collections.abc import Iterator

# Ray reports its use to its makers unless this says no before it is imported.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")

import ray
from ray.data import ActorPoolStrategy, DataContext, Dataset
from ray.exceptions import RayError

from quoth_cli.bulk.encoded import Encoded
from quoth_cli.bulk.feed import Feed
from quoth_cli.cluster.actor import Actor, Wanted
from quoth_cli.cluster.parcels import ParcelSource, unpacked
from quoth_cli.exits import Exit, Failure
from quoth_cli.outcome import say

__all__ = ["LOCAL", "cluster", "results"]

LOCAL = "local"
"""The address that stands for a cluster made on this machine, for this run."""

# Two parcels for each actor are some hundred kilobytes; the rest of memory is the engines'.
_OBJECT_STORE = 256 * 1024**2
_CONNECT_SECONDS = 10.0
_PARCELS_PER_ACTOR = 2  # one that is read, and one that waits so that no time is lost


@contextlib.contextmanager
def cluster(address: str) -> Iterator[int]:
    """Connects to a cluster; gives how many cores it has.

    Args:
        address: `HOST:PORT`, `auto` for the one that this machine belongs to, or `LOCAL`.

    Raises:
        Failure: There is none.
    """
    if address.startswith("ray://"):
        raise Failure(
            Exit.USAGE,
            f"--address {address}: the driver reads and writes files, so run the command on a "
            "machine of the cluster, with --address auto",
        )
    _check_reachable(address)
    try:
        if address == LOCAL:
            ray.init(
                include_dashboard=False,
                object_store_memory=_OBJECT_STORE,
                logging_level=logging.WARNING,
                log_to_driver=False,
            )
        else:
            ray.init(address=address, logging_level=logging.WARNING, log_to_driver=False)
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise _no_cluster(address, error) from error
    try:
        resources = ray.cluster_resources()  # type: ignore[no-untyped-call]
        yield max(1, int(resources.get("CPU", 1)))
    finally:
        ray.shutdown()


def _check_reachable(address: str) -> None:
    """Ray itself would try an address where nothing listens for a quarter of an hour."""
    host, _, port = address.rpartition(":")
    if not host:
        return
    try:
        socket.create_connection((host.strip("[]"), int(port)), _CONNECT_SECONDS).close()
    except (OSError, ValueError, OverflowError) as error:
        raise _no_cluster(address, error) from error


def _no_cluster(address: str, error: Exception) -> Failure:
    reason = " ".join(str(error).split())
    return Failure(
        Exit.UNAVAILABLE,
        f"--address {address}: no Ray cluster ({reason}); start one with `ray start --head`, "
        "or give --address local",
    )


def results(feed: Feed, wanted: Wanted, workers: int) -> Iterator[Encoded]:
    """Yields the rows of each article of the feed, as they are ready, in any order.

    Ray hands parcels out as actors take them, stops reading when enough wait, and reads a parcel
    again elsewhere if its actor or machine is lost.

    Raises:
        Failure: The cluster, or the engine there, failed for good; results given before stay good.
    """
    say(f"the engine runs in {workers} actors of a Ray cluster")
    told: float | None = None
    try:
        batches = _dataset(feed, wanted, workers).iter_batches(
            batch_size=None, batch_format="pyarrow", prefetch_batches=1
        )
        for batch in batches:
            for returned in unpacked(batch):
                told = max(told or 0, returned.share) if returned.share is not None else None
                feed.tell(told, returned.problem or feed.problem)
                yield from returned.items
    except RayError as error:
        cause = getattr(error, "cause", None) or error
        reason = str(cause).strip().splitlines()[-1]
        raise Failure(Exit.FAULT, f"the Ray cluster: {reason}") from error


def _dataset(feed: Feed, wanted: Wanted, workers: int) -> Dataset:
    context = DataContext.get_current()
    context.enable_progress_bars = False
    context.print_on_execution_start = False
    context.target_max_block_size = 1  # a row a block, which is a parcel
    logging.getLogger("ray.data").setLevel(logging.ERROR)
    dataset: Dataset = ray.data.read_datasource(
        ParcelSource(feed),
        override_num_blocks=1,
        num_cpus=0,  # it waits most of the time; and with a core it would be made one with the map
    ).map_batches(
        Actor,
        fn_constructor_args=(wanted,),
        batch_size=None,
        batch_format="pyarrow",
        num_cpus=1,
        compute=ActorPoolStrategy(
            min_size=1,
            max_size=workers,
            initial_size=workers,
            max_tasks_in_flight_per_actor=_PARCELS_PER_ACTOR,
        ),
    )
    return dataset
