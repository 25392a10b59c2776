"""Products in half the digits, where the machine multiplies those faster."""

from __future__ import annotations

import torch

__all__ = ["half"]


def half(device: str = "cpu") -> torch.autocast:
    """Within it, products are in bfloat16, which training bears.

    A CPU with AVX-512 BF16 or AMX multiplies them five times as fast; one without is left alone.
    """
    fast = device != "cpu" or (
        torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()
    )
    return torch.autocast(device, torch.bfloat16, enabled=fast)
