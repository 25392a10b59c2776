"""Loads the engine into the fork server, so that each worker starts warm and shares its memory.

The fork server imports this module by name and takes no arguments; the specification comes in the
environment variable `SPEC`.
"""

from __future__ import annotations

import contextlib
import json
import os

from quoth_server.engine.config import EngineConfig
from quoth_server.service.worker import EngineSpec, load

__all__ = ["SPEC", "from_variable", "to_variable"]

SPEC = "QUOTH_PRELOAD_SPEC"


def to_variable(spec: EngineSpec) -> str:
    """The specification as a string for the environment."""
    return json.dumps({"factory": spec.factory, "pipeline": spec.config.pipeline})


def from_variable(value: str) -> EngineSpec:
    """The specification that `to_variable` wrote."""
    data = json.loads(value)
    return EngineSpec(data["factory"], EngineConfig(pipeline=data["pipeline"]))


if SPEC in os.environ:
    # An engine that cannot be loaded must not end the fork server: the first worker meets the
    # same error and reports it.
    with contextlib.suppress(Exception):
        load(from_variable(os.environ[SPEC]))
