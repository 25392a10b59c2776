"""Loads the engine into the fork server, so that each worker starts warm and shares its memory.

The fork server imports this module by name and takes no arguments; the specification comes in an
environment variable, without what is as usual.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
from multiprocessing.context import ForkServerContext, SpawnContext

from quoth_server.engine.config import EngineConfig
from quoth_server.service.worker import FACTORY, EngineSpec, load

__all__ = ["context"]

_SPEC = "QUOTH_PRELOAD_SPEC"
_PIPELINE = EngineConfig().pipeline


def context(spec: EngineSpec) -> ForkServerContext | SpawnContext:
    """What starts workers; where there is a fork server, it loads the engine first."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    os.environ[_SPEC] = json.dumps({"factory": spec.factory, "pipeline": spec.config.pipeline})
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload([__name__])
    return forking


if _SPEC in os.environ:
    # An engine that cannot be loaded must not end the fork server: the first worker meets the
    # same error and reports it.
    with contextlib.suppress(Exception):
        given = json.loads(os.environ[_SPEC])
        load(
            EngineSpec(
                given.get("factory", FACTORY), EngineConfig(given.get("pipeline", _PIPELINE))
            )
        )
