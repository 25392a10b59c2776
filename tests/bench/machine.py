"""The machine that a bench ran on."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path

from quoth_cli.cores import cores

__all__ = ["ONE_THREAD", "Machine", "this"]


ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1"
)
"""Variables that give a process what a worker has; they must be set before numpy is loaded."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What speed depends on."""

    processor: str
    cores: int
    python: str
    system: str


def this() -> Machine:
    """The machine at hand."""
    return Machine(
        _processor(),
        cores(),
        platform.python_version(),
        f"{platform.system()} {platform.machine()}",
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
