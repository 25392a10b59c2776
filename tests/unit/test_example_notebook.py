"""The example notebook, run cell by cell as a kernel does, and what its cells show."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.model

NOTEBOOK = Path(__file__).parents[2] / "examples" / "notebook" / "quoth.ipynb"


def run(source: str, names: dict[str, Any]) -> Any:
    """Runs a cell; the value of the expression that it ends with, if it does."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    exec(compile(tree, "cell", "exec"), names)
    return eval(compile(ast.Expression(last.value), "cell", "eval"), names) if last else None


def test_every_cell_of_the_example_runs(capsys: pytest.CaptureFixture[str]) -> None:
    notebook = json.loads(NOTEBOOK.read_text("utf-8"))
    assert notebook["nbformat"] == 4
    cells = [each for each in notebook["cells"] if each["cell_type"] == "code"]
    assert not [each for each in cells if each["outputs"] or each["execution_count"]]
    names: dict[str, Any] = {}
    shown = [run("".join(each["source"]), names) for each in cells]
    result, rows = names["result"], names["rows"]
    assert shown[1] is result
    assert "<iframe" in result._repr_html_()
    assert {"Nora Halvik", "Ines Tarrow"} <= set(rows["speaker"])
    assert rows.set_index("speaker").loc["Nora Halvik", "date"] == "2026-05-14"
    assert "denied" in set(rows["factuality"])
    statements = names["statements"]
    assert set(statements["article"]) == {"ferry", "hotel", "blank"}
    (error,) = statements["error"].dropna()
    assert error.startswith("InvalidArticle: text: it is empty or blank")
    assert "3/3" in capsys.readouterr().err
