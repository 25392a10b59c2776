"""What runs on every core of the cluster: one engine, loaded once, one parcel after the other."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa

import quoth_server
from quoth import QuothError
from quoth_cli.bulk.encoded import Encoded, Encoder
from quoth_cli.cluster.parcels import Parcel, packed, unpacked
from quoth_cli.options import StatementOptions
from quoth_cli.reading import Item, read_all
from quoth_server.embedded import Embedded

__all__ = ["Actor", "Wanted"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted of the engine.

    Attributes:
        encode: Makes the rows of the output.
        statements: Which statements to ask for.
        timeout: Seconds to wait for the next answer.
        settings: The `QUOTH_*` variables of the driver.
        version: The version of its quoth-server.
    """

    encode: Encoder
    statements: StatementOptions
    timeout: float
    settings: Mapping[str, str]
    version: str = quoth_server.__version__


class Actor:
    """Reads parcels. The engine has a private server, so no article can end the actor.

    Raises:
        QuothError: The engine cannot be loaded, or is of another version than the driver's.
    """

    def __init__(self, wanted: Wanted) -> None:
        if quoth_server.__version__ != wanted.version:
            raise QuothError(
                f"{os.uname().nodename} has quoth-server {quoth_server.__version__} and the "
                f"driver {wanted.version}; install the same everywhere"
            )
        os.environ.update(wanted.settings)
        self._wanted = wanted
        self._engine = Embedded(timeout=wanted.timeout)
        self._engine.server_info()  # loads it

    def __call__(self, table: pa.Table) -> pa.Table:
        """Reads the parcel that a table holds."""
        return pa.concat_tables([packed(self._read(parcel)) for parcel in unpacked(table)])

    def _read(self, parcel: Parcel[Item]) -> Parcel[Encoded]:
        results = read_all(
            self._engine, parcel.items, in_flight=8, statements=self._wanted.statements
        )
        return Parcel(tuple(map(self._wanted.encode, results)), parcel.share, parcel.problem)
