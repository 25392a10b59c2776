"""Text in, frozen data out: finds who said what, in which role, on which day.

`Attributor` is the way in for a program, a notebook or a job; `quoth_server.engine.types` are the
answers, and `quoth_server.engine.component` makes them a component of spaCy.
"""

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from quoth_server.engine.attributor import Attributor

__all__ = ["Attributor"]

# ONNX Runtime reports its use to its maker, from release 1.29 on and unasked, and keeps a number
# for the machine. It looks at this when it is first imported, which only this package does.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")


def __getattr__(name: str) -> object:
    # On demand: the types of the engine are needed where its models are not.
    if name == "Attributor":
        from quoth_server.engine.attributor import Attributor

        return Attributor
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
