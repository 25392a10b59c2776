"""Pairs of a mark and a text, kept on the disk in parts that fit into memory one by one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from quoth_server.archive.repeats.marks import Hashes, runs

__all__ = ["Spill"]

_PARTS = 32
_ROW = np.dtype([("mark", "<u8"), ("text", "<u4")])

Texts = npt.NDArray[np.uint32]


class Spill:
    """Files in a folder, which whoever gave it removes."""

    def __init__(self, folder: Path) -> None:
        self._paths = [folder / f"{number}.marks" for number in range(_PARTS)]
        self._open = ExitStack()
        self._files = [self._open.enter_context(path.open("wb")) for path in self._paths]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._open.close()

    def add(self, marks: Hashes, texts: Texts) -> None:
        """Writes pairs down, each where all of its mark are."""
        rows = np.empty(len(marks), _ROW)
        rows["mark"], rows["text"] = marks, texts
        part = (marks % np.uint64(_PARTS)).astype(np.int64)
        for number, file in enumerate(self._files):
            chosen = rows[part == number]
            if len(chosen):
                file.write(chosen.tobytes())

    def groups(self) -> Iterator[Texts]:
        """Texts that share a mark, in ascending order; each group has at least two."""
        for file in self._files:
            file.flush()
        for path in self._paths:
            rows = np.fromfile(path, _ROW)
            rows.sort(order=("mark", "text"))
            texts = rows["text"]
            for start, end in runs(rows["mark"]):
                if end - start > 1:
                    yield texts[start:end]
