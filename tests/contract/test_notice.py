"""What a lawyer looks for comes with the models."""

from __future__ import annotations

import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_the_notice_goes_with_the_models() -> None:
    project = tomllib.loads((ROOT / "server/pyproject.toml").read_text(encoding="utf-8"))
    assert "NOTICE" in project["project"]["license-files"]
    assert "NOTICE" in project["tool"]["hatch"]["build"]["targets"]["sdist"]["include"]
    assert (ROOT / "server/NOTICE").read_bytes() == (ROOT / "NOTICE").read_bytes()


def test_the_missing_license_of_a_corpus_is_said_where_it_is_looked_for() -> None:
    assert "NO LICENSE STATED" in (ROOT / "NOTICE").read_text(encoding="utf-8")
    readme = (ROOT / "README.md").read_text(encoding="utf-8").partition("\n## License\n")[2]
    assert "PolNeAR" in readme
    assert "no license is stated" in readme
