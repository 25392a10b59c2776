"""Networks in 8-bit integers: made from an exported one, and read back as plain numbers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
from onnx import numpy_helper
from onnxruntime.quantization import (  # type: ignore[import-untyped]
    QuantType,
    quantize_dynamic,
)

__all__ = ["quantize", "restored"]

FloatArray = npt.NDArray[np.float32]
_SUFFIX = "_quantized"
_TRANSPOSED = "_Transposed"


def quantize(exact: Path, path: Path) -> None:
    """Writes a network of fp32 in int8; the exact file is removed."""
    # Weights in 7 bits: AVX2 without VNNI adds products in 16 bits, which 8 bits overflow.
    quantize_dynamic(exact, path, per_channel=True, reduce_range=True, weight_type=QuantType.QInt8)
    exact.unlink()


def restored(graph: onnx.GraphProto) -> dict[str, FloatArray]:
    """The weights of a network, as near as 8 bits allow, under their names in fp32."""
    stored = {entry.name: numpy_helper.to_array(entry) for entry in graph.initializer}
    found: dict[str, FloatArray] = {}
    for name, values in stored.items():
        if name.endswith(_SUFFIX):
            kept = name.removesuffix(_SUFFIX)
            zero = stored[f"{kept}_zero_point"].astype(np.float32)
            exact = (values.astype(np.float32) - zero) * stored[f"{kept}_scale"]
            plain = kept.removesuffix(_TRANSPOSED)
            found[plain] = exact if plain == kept else exact.T
        elif not name.endswith(("_scale", "_zero_point")):
            found[name] = values.astype(np.float32)
    return found
