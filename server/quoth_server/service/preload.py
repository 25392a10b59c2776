"""Loads the engine into the fork server, so that each worker starts warm and shares its memory.

The fork server imports this module by name and takes no arguments; the specification comes in the
environment variable `SPEC`.
"""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import os
from multiprocessing import forkserver
from multiprocessing.context import ForkServerContext, SpawnContext

from quoth_server.engine.config import EngineConfig
from quoth_server.service.worker import FACTORY, EngineSpec, load

__all__ = ["begin", "context"]

_SPEC = "QUOTH_PRELOAD_SPEC"


def context(spec: EngineSpec) -> ForkServerContext | SpawnContext:
    """What starts workers; where there is a fork server, it loads the engine first."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    os.environ[_SPEC] = json.dumps({"factory": spec.factory, "pipeline": spec.config.pipeline})
    forking = multiprocessing.get_context("forkserver")
    forking.set_forkserver_preload([__name__])
    return forking


def begin() -> None:
    """Starts the fork server before the settings are read, which will hardly want another engine.

    If they do, each worker loads that one itself.
    """
    pipeline = os.environ.get("QUOTH_PIPELINE", EngineConfig().pipeline)
    context(EngineSpec(os.environ.get("QUOTH_ENGINE", FACTORY), EngineConfig(pipeline)))
    forkserver.ensure_running()


if _SPEC in os.environ:
    # An engine that cannot be loaded must not end the fork server: the first worker meets the
    # same error and reports it.
    with contextlib.suppress(Exception):
        given = json.loads(os.environ[_SPEC])
        load(EngineSpec(given["factory"], EngineConfig(given["pipeline"])))
