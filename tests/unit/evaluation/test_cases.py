"""Cases: expectations and answer, and on what it fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.unit.evaluation.build import RUST, SAFE, scored, statement

RUIZ = {"content": [SAFE], "speaker": "Ana Ruiz", "roles": ["mayor"], "date": None}


def case(expected: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"expect": [expected], **more}


@pytest.mark.parametrize(
    ("gold", "found", "wrong"),
    [
        (case(RUIZ), [statement()], ""),
        (case(RUIZ), [], "missed"),
        (case(RUIZ), [statement("the bridge")], "missed"),
        (case(RUIZ | {"optional": True}), [], ""),
        (case(RUIZ | {"optional": True}), [statement(roles=["clerk"])], "roles"),
        (case(RUIZ | {"content": [RUST], "content_or": [[SAFE]]}), [statement()], ""),
        (case(RUIZ | {"speaker": None}), [statement()], "speaker"),
        (case(RUIZ | {"speaker": None}), [statement(speaker=None)], ""),
        (case(RUIZ | {"speaker": ["Ana Ruiz", None]}), [statement(speaker=None)], ""),
        (case(RUIZ | {"kind": ["DIRECT", "MIXED"]}), [statement()], "kind"),
        (case(RUIZ | {"speaker_kind": "GROUP"}), [statement()], "speaker_kind"),
        (case(RUIZ | {"roles": []}), [statement()], "roles"),
        (case(RUIZ | {"not_roles": ["mayor"]}), [statement()], "roles"),
        (case(RUIZ), [statement(date="2024")], "date"),
        (case(RUIZ | {"date": ["2024", None]}), [statement(date="2024")], ""),
        (case({"content": [SAFE]}), [statement(date="2024", speaker=None)], ""),
        # of equally good ones, the one that is most right
        (case(RUIZ), [statement(date="2024"), statement()], ""),
        (case(RUIZ, forbid=["a toy made of rust"]), [statement(), statement(RUST)], "forbidden"),
        (
            case(RUIZ, forbid=["a toy made of rust"]),
            [statement(), statement(RUST, factuality="NEGATED")],
            "",
        ),
        (case(RUIZ, never=["critics"]), [statement(), statement("Critics called")], "taken in"),
    ],
)
def test_a_case_passes_or_fails_as_a_whole(
    tmp_path: Path, gold: dict[str, Any], found: list[dict[str, Any]], wrong: str
) -> None:
    got = scored(tmp_path, gold | {"phenomenon": 53}, {"statements": found})
    assert {field for row in got.judgments[0].rows for field in row.wrong} == {wrong} - {""}
    assert got.figures["passed"]["count"] == (not wrong)
    assert got.figures["groups"]["sources"]["failing_on"] == ({wrong: 1} if wrong else {})


def test_saying_nothing_passes_only_what_expects_nothing(tmp_path: Path) -> None:
    figures = scored(tmp_path, {"expect": [], "forbid": ["rust"]}, {}).figures
    assert figures["passed"] == {"count": 1, "of": 1, "percent": 100}
    assert figures["expecting"] == {"count": 0, "of": 0, "percent": 0}
    assert list(figures["groups"]) == ["other"]
