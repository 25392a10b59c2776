"""The lives from which the network of roles and headlines learns."""

from __future__ import annotations

from pathlib import Path

import pytest
from training.lives import lives

from evaluation.people.gold import cases


def test_each_life_has_several_articles() -> None:
    found = [*lives()]
    assert len(found) > 8_000
    assert all(len(life) > 1 for life in found)


def test_no_headline_is_one_of_a_case_held_out() -> None:
    headlines = {told.title.casefold() for life in lives() for told in life}
    held_out = (case for case in cases() if case.held_out)
    titles = {voice.title.casefold() for case in held_out for _, voice in case.voices}
    assert not headlines & titles


def test_an_empty_line_stands_between_two_people(tmp_path: Path) -> None:
    text = "1999\tmayor\tBridge closed\n2001\t\tMayor resigns\n\n2004\tnurse\tWard opens\n"
    (tmp_path / "some.tsv").write_text(text, "utf-8")
    first, second = lives(tmp_path)
    assert [(told.roles, told.title) for told in first] == [
        ("mayor", "Bridge closed"),
        ("", "Mayor resigns"),
    ]
    assert [told.whole for told in second] == ["nurse. Ward opens"]


@pytest.mark.parametrize("line", ["1999\tmayor", "in 1999\tmayor\tBridge closed", "1999\tmayor\t"])
def test_a_line_of_another_form_is_named(line: str, tmp_path: Path) -> None:
    (tmp_path / "some.tsv").write_text(f"1998\tmayor\tBridge opens\n{line}\n", "utf-8")
    with pytest.raises(ValueError, match=r"some\.tsv:2: .* is not a year, roles and a headline"):
        list(lives(tmp_path))
