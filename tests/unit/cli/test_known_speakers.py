from __future__ import annotations

from pathlib import Path

import pytest
import typer

from quoth.v1 import KnownSpeaker, SpeakerType
from quoth_cli.known_speakers import read

ELENA = KnownSpeaker(
    known_speaker_id="Q1",
    display_name="Elena Vasquez",
    aliases=["AOC", "Lena Vasquez"],
    roles=["senator"],
    type=SpeakerType.SPEAKER_TYPE_PERSON,
)
BARE = KnownSpeaker(known_speaker_id="Norferry", display_name="Norferry")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a.csv",
            "id,name,aliases,roles,type\nQ1,Elena Vasquez,AOC; Lena Vasquez,senator,person\n"
            ",Norferry,,,\n",
        ),
        ("a.CSV", "type,aliases,name,roles,id\nPerson,AOC;;Lena Vasquez,Elena Vasquez,senator,Q1\n"
         ",,Norferry,,"),
        (
            "a.toml",
            '[[speaker]]\nid = "Q1"\nname = "Elena Vasquez"\naliases = ["AOC", "Lena Vasquez"]\n'
            'roles = ["senator"]\ntype = "person"\n[[speaker]]\nname = "Norferry"\n',
        ),
    ],
)  # fmt: skip
def test_what_is_read(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text("\ufeff" + text if name == "a.csv" else text, encoding="utf-8")
    assert read(str(path)).speakers == (ELENA, BARE)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.txt", "name\nAna\n", "neither .csv nor .toml"),
        ("a.csv", "name,age\nAna,7\n", "line 2: 'age' is unknown; use one of id, name"),
        ("a.csv", "name\nAna,Ruiz\n", "line 2: 'a cell without a heading' is unknown"),
        ("a.csv", "id,name\n7,\n", "line 2: has no name"),
        ("a.csv", "name,type\nAna,robot\n", "line 2: type 'robot' is unknown; use one of person"),
        ("a.toml", "[[speaker]\n", "is not TOML"),
        ("a.toml", "[speaker]\nname = 'Ana'\n", r"may only have \[\[speaker\]\] tables"),
        ("a.toml", "[[speakers]]\nname = 'Ana'\n", r"may only have \[\[speaker\]\] tables"),
        ("a.toml", "[[speaker]]\nname = 7\n", "speaker 1: name is not a text"),
        ("a.toml", "[[speaker]]\nname = 'A'\nroles = 'x'\n", "roles is not a list of texts"),
        ("a.toml", "[[speaker]]\nname = 'A'\nroles = [7]\n", "roles is not a list of texts"),
    ],
)
def test_what_is_refused(tmp_path: Path, name: str, text: str, words: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(typer.BadParameter, match=words):
        read(str(path))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(typer.BadParameter, match=r"none\.csv"):
        read(str(tmp_path / "none.csv"))


def test_the_digest_is_of_the_speakers(tmp_path: Path) -> None:
    one, other = tmp_path / "a.csv", tmp_path / "b.toml"
    one.write_text("name\nAna Ruiz\n")
    other.write_text("[[speaker]]\nname = 'Ana Ruiz'\n")
    assert read(str(one)).digest == read(str(other)).digest
    one.write_text("name\nAna Ruz\n")
    assert read(str(one)).digest != read(str(other)).digest
