"""The code of docs/notebook.md, run as it stands there."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from quoth_server.engine import Attributor

pytestmark = pytest.mark.model

PAGE = (Path(__file__).parents[2] / "docs" / "notebook.md").read_text("utf-8")
TEXT = "“We are full,” Mayor Lena Holt said on Tuesday."
GERMAN = "„Wir sind voll“, sagte die Bürgermeisterin am Dienstag in der Stadt vor vielen Leuten."
FRAME = pd.DataFrame(
    {
        "id": ["a", "b", "c", "d", "e"],
        "text": [TEXT, "It rains.", GERMAN, None, f"{TEXT} Nobody said more."],
        "published": ["2019-05-23", None, "2019-05-23", "2019-05-23", pd.Timestamp("2019-05-23")],
    }
)


def blocks(section: str) -> list[str]:
    (text,) = re.findall(rf"^## {section}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)
    return re.findall(r"```python\n(.*?)```", text, re.DOTALL)


def test_the_attributor(capsys: pytest.CaptureFixture[str]) -> None:
    first, frame = blocks("Attributor")
    names: dict[str, Any] = {"frame": FRAME.copy()}
    exec(first, names)
    assert capsys.readouterr().out == "Lena Holt: We are full,\n"
    exec(frame, names)
    found = names["statements"].set_index("article")
    assert list(found["content"].dropna()) == ["We are full,", "We are full,"]
    assert list(found["error"].dropna().index) == [2, 3]


def test_spacy(capsys: pytest.CaptureFixture[str]) -> None:
    first, pipe = blocks("spaCy")
    names: dict[str, Any] = {"text": TEXT}
    exec(first, names)
    assert capsys.readouterr().out == "direct We are full,\nMayor Lena Holt person says s1\n"
    exec(pipe, names)
    assert capsys.readouterr().out == "7 2019-05-23 1\n"


def test_map_in_pandas() -> None:
    recipe, _ = blocks("Spark")
    assert recipe.startswith("# recipe: mapInPandas")
    names: dict[str, Any] = {}
    exec(recipe, names)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        frames = list(names["statements"](iter([FRAME[:2], FRAME[2:4], FRAME[:0], FRAME[4:]])))
    assert [len(frame) for frame in frames] == [1, 2, 0, 1]
    assert all(list(frame.columns) == names["COLUMNS"] for frame in frames)
    found = pd.concat(frames).set_index("id")
    assert found.loc["a", "content"] == "We are full,"
    assert found.loc["a", "speaker"] == "Lena Holt"
    assert found.loc["a", "role"] == "Mayor"
    assert list(found["date"].dropna()) == ["2019-05-21", "2019-05-21"]
    assert found.loc["c", "error"].startswith("UnsupportedLanguage: ")
    assert found.loc["d", "error"].startswith("InvalidArticle: text")
    (statement,) = Attributor().attribute(TEXT, published="2019-05-23").statements
    assert found.loc["a", "confidence"] == statement.confidence


def test_the_schema_names_every_column_and_its_type() -> None:
    recipe, _ = blocks("Spark")
    names: dict[str, Any] = {}
    exec(recipe, names)
    types = [field.split()[1] for field in names["SCHEMA"].split(",")]
    assert len(types) == len(names["COLUMNS"])
    assert set(types) == {"string", "double"}
