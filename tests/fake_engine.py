"""Engines that do as the body says, so that tests of the service are fast and exact.

A body is read line by line: `sleep 0.5`, `spin 10` (holds the core), `die` (the process kills
itself), `crash` (an exception whose message has the text), `refuse fr` (not English), `modules`
and `pid` (a statement whose lemma is the answer). Any other text is echoed: one statement that
covers the body.
"""

from __future__ import annotations

import os
import signal
import sys
import time
from typing import ClassVar

from quoth_server.engine.config import EngineConfig
from quoth_server.engine.errors import ModelError, UnsupportedLanguage
from quoth_server.engine.types import (
    Anchor,
    AnchorBasis,
    Article,
    Cue,
    Mention,
    Notice,
    NoticeReason,
    Reading,
    Span,
    Speaker,
    SpeakerType,
    Statement,
    StatementKind,
)


class FakeEngine:
    version = "fake-1"
    components: ClassVar = {"fake": "1"}

    def attribute(self, article: Article) -> Reading:
        lemma = "say"
        for line in article.body.splitlines():
            command, _, value = line.partition(" ")
            match command:
                case "sleep":
                    time.sleep(float(value))
                case "spin":
                    end = time.monotonic() + float(value)
                    while time.monotonic() < end:
                        pass
                case "die":
                    os.kill(os.getpid(), signal.SIGKILL)
                case "crash":
                    raise ValueError(f"cannot read {article.body!r}")
                case "refuse":
                    raise UnsupportedLanguage(value)
                case "modules":
                    lemma = " ".join(sorted(sys.modules))
                case "pid":
                    lemma = str(os.getpid())
        whole = Span(0, len(article.body))
        statement = Statement(
            statement_id="s1",
            kind=StatementKind.DIRECT,
            content=(whole,),
            quoted=(whole,),
            cue=Cue(whole, lemma),
            speaker=Mention(whole, "p1", confidence=0.5),
            confidence=0.75,
        )
        return Reading(
            statements=(statement,),
            speakers=(Speaker("p1", "Echo", SpeakerType.PERSON, mentions=(whole,)),),
            anchor=Anchor(article.published, AnchorBasis.REQUEST) if article.published else None,
            notices=(Notice(NoticeReason.NO_PUBLISH_TIME, "no date", Span(0, 1)),),
        )


def load(config: EngineConfig) -> FakeEngine:
    return FakeEngine()


def load_missing(config: EngineConfig) -> FakeEngine:
    raise ModelError("the pipeline 'nothing' is not installed; pip install it")


def load_dying(config: EngineConfig) -> FakeEngine:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError


def load_slowly(config: EngineConfig) -> FakeEngine:
    time.sleep(1.5)
    return FakeEngine()
