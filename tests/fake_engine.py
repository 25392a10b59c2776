"""Engines that do as the body says, so that tests of the service are fast and exact.

A body is read line by line: `sleep 0.5`, `until PATH` (waits for the file), `spin 10` (holds the
core), `stuck` (holds the core for hours, in one operation written in C that lets no other thread
run), `die` (the process kills itself), `die_once PATH` (only if there is no such file, which it
makes), `hoard` (runs out of memory), `crash` (an exception whose message has the text), `refuse fr`
(not English), `sure 0.25` (a confidence), `modules` and `pid` (a statement whose lemma is the
answer). Any other text is echoed: one statement that covers the body.
"""

from __future__ import annotations

import dataclasses
import os
import resource
import signal
import sys
import time
from pathlib import Path
from typing import ClassVar

from quoth_server.engine.config import EngineConfig
from quoth_server.engine.errors import ModelError, UnsupportedLanguage
from quoth_server.engine.types import (
    AnchorBasis,
    AnchorDate,
    Article,
    Cue,
    Notice,
    NoticeReason,
    Reading,
    Span,
    Speaker,
    SpeakerMention,
    SpeakerType,
    Statement,
    StatementKind,
)


class FakeEngine:
    version = "fake-1"
    components: ClassVar = {"fake": "1"}

    def attribute(self, article: Article) -> Reading:
        lemma = "say"
        confidence = 0.75
        for line in article.body.splitlines():
            command, _, value = line.partition(" ")
            match command:
                case "sleep":
                    time.sleep(float(value))
                case "until":
                    _until(Path(value))
                case "spin":
                    end = time.monotonic() + float(value)
                    while time.monotonic() < end:
                        pass
                case "stuck":
                    _ = 7 ** (7**12)
                case "die":
                    os.kill(os.getpid(), signal.SIGKILL)
                case "die_once":
                    if not Path(value).exists():
                        Path(value).touch()
                        os.kill(os.getpid(), signal.SIGKILL)
                case "hoard":
                    _, most = resource.getrlimit(resource.RLIMIT_AS)
                    resource.setrlimit(resource.RLIMIT_AS, (1, most))
                    bytearray(1 << 30)
                case "crash":
                    raise ValueError(f"cannot read {article.body!r}")
                case "refuse":
                    raise UnsupportedLanguage(value)
                case "sure":
                    confidence = float(value)
                case "modules":
                    lemma = " ".join(sorted(sys.modules))
                case "pid":
                    lemma = str(os.getpid())
        whole = Span(0, len(article.body))
        statement = Statement(
            statement_id="s1",
            kind=StatementKind.DIRECT,
            content_spans=(whole,),
            quoted_spans=(whole,),
            cue=Cue(whole, lemma),
            speaker=SpeakerMention(whole, "p1", confidence=0.5),
            confidence=confidence,
        )
        return Reading(
            statements=(statement,),
            speakers=(Speaker("p1", "Echo", SpeakerType.PERSON, mentions=(whole,)),),
            anchor_date=AnchorDate(article.published, AnchorBasis.REQUEST)
            if article.published
            else None,
            notices=(Notice(NoticeReason.NO_PUBLISH_TIME, "no date", Span(0, 1)),),
        )


def _until(path: Path) -> None:
    while not path.exists():
        time.sleep(0.01)


def load(config: EngineConfig) -> FakeEngine:
    return FakeEngine()


def load_missing(config: EngineConfig) -> FakeEngine:
    raise ModelError("the pipeline 'nothing' is not installed; pip install it")


def load_dying(config: EngineConfig) -> FakeEngine:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


class CalmEngine(FakeEngine):
    """Echoes every text and does nothing else."""

    def attribute(self, article: Article) -> Reading:
        length = len(article.body)
        return super().attribute(dataclasses.replace(article, body="x" * length))


def load_calm(config: EngineConfig) -> CalmEngine:
    return CalmEngine()


class EndingEngine(FakeEngine):
    """Ends each worker that starts while there is a file of the name of the pipeline."""

    def __init__(self, config: EngineConfig) -> None:
        self._marker = Path(config.pipeline)

    @property
    def version(self) -> str:
        if self._marker.exists():
            os.kill(os.getpid(), signal.SIGKILL)
        return "fake-1"


def load_ending(config: EngineConfig) -> EndingEngine:
    return EndingEngine(config)


def load_model(config: EngineConfig) -> FakeEngine:
    """Loads the model of attributions from the folder that the pipeline names, to no use."""
    from quoth_server.engine.attributions import AttributionModel

    AttributionModel.load(Path(config.pipeline))
    return FakeEngine()


def load_until(config: EngineConfig) -> FakeEngine:
    """Loads as soon as there is the file that the pipeline names."""
    _until(Path(config.pipeline))
    return FakeEngine()


def load_noted(config: EngineConfig) -> FakeEngine:
    """Notes in the file that the pipeline names which process loads it."""
    with Path(config.pipeline).open("a") as file:
        file.write(f"{os.getpid()}\n")
    return FakeEngine()
