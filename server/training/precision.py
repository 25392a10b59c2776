"""Half precision, where it is faster."""

from __future__ import annotations

import torch

__all__ = ["half"]


def half() -> torch.autocast:
    """Computes in bfloat16 where the processor multiplies matrices of it in hardware (AMX)."""
    return torch.autocast("cpu", torch.bfloat16, enabled=torch.cpu._is_amx_tile_supported())
