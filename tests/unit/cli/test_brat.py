"""bratly reads the annotations, and a strict reader of our own holds them against brat's rules."""

from __future__ import annotations

import itertools
import re
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quoth.v1 import Article, AttributeQuotesResponse, Statement, TextSpan
from quoth_cli.formats.brat import BratRenderer, standoff
from quoth_cli.table.rows import ArticleMeta
from tests.unit.cli import example

with warnings.catch_warnings():
    # It declares its models as an older pydantic did.
    warnings.simplefilter("ignore")
    from bratly import (
        AttributeAnnotation,
        EntityAnnotation,
        NoteAnnotation,
        RelationAnnotation,
    )


@dataclass
class Read:
    """An .ann, by the lines of brat's page on its format."""

    spans: dict[str, tuple[str, list[tuple[int, int]], str]] = field(default_factory=dict)
    relations: list[tuple[str, str, str]] = field(default_factory=list)
    attributes: list[tuple[str, str, str]] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)

    def texts(self, type_: str) -> list[str]:
        return [text for found, _, text in self.spans.values() if found == type_]

    def related(self, name: str) -> list[tuple[str, str]]:
        return [
            (self.spans[one][2], self.spans[two][2])
            for found, one, two in self.relations
            if found == name
        ]


def read(text: str, body: str) -> Read:
    got = Read()
    ids = set()
    assert text == "" or text.endswith("\n")
    for line in text.splitlines():
        name, rest = line.split("\t", 1)
        assert name not in ids
        ids.add(name)
        match name[0]:
            case "T":
                head, words = rest.split("\t")
                type_, places = head.split(" ", 1)
                parts = []
                for place in places.split(";"):
                    start, end = map(int, place.split(" "))
                    assert 0 <= start < end <= len(body)
                    assert len(body[start:end].splitlines()) == 1
                    parts.append((start, end))
                assert all(one[1] <= two[0] for one, two in itertools.pairwise(parts))
                assert words == " ".join(body[start:end] for start, end in parts)
                got.spans[name] = (type_, parts, words)
            case "R":
                found = re.fullmatch(r"(\w+) Arg1:(T\d+) Arg2:(T\d+)", rest)
                assert found
                got.relations.append((found[1], found[2], found[3]))
            case "A":
                type_, owner, value = rest.split(" ")
                got.attributes.append((type_, owner, value))
            case "#":
                head, words = rest.split("\t")
                assert head.split(" ")[0] == "AnnotatorNotes"
                got.notes[head.split(" ")[1]] = words
            case _:
                raise AssertionError(line)
    referred = [owner for _, one, two in got.relations for owner in (one, two)]
    referred += [owner for _, owner, _ in got.attributes] + list(got.notes)
    assert set(referred) <= set(got.spans)
    return got


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("brat") / "of" / "quay"
    form = BratRenderer(made)
    form.write(example.META, example.article(), example.answer())
    form.close()
    return made


@pytest.fixture(scope="module")
def got(folder: Path) -> Read:
    return read((folder / "quay.ann").read_bytes().decode(), example.BODY)


def test_the_text_is_the_article_as_it_was_sent(folder: Path) -> None:
    assert (folder / "quay.txt").read_bytes() == example.BODY.encode()
    assert sorted(path.name for path in folder.iterdir()) == [
        "annotation.conf",
        "quay.ann",
        "quay.txt",
    ]


def test_contents(got: Read) -> None:
    assert got.texts("Content")[:3] == [
        "We load at dawn, And we leave at noon.",
        "that the “old crane” must go",
        "Was the crane safe?",
    ]
    parts = [example.BODY[start:end] for start, end in got.spans["T1"][1]]
    assert parts == ["We load at dawn,", "And we", "leave at noon."]
    assert len(got.texts("Content")) == 10


@pytest.mark.parametrize(
    ("relation", "first"),
    [
        ("SaidBy", ("We load at dawn, And we leave at noon.", "Mira Sole, the harbor chief")),
        ("IntroducedBy", ("We load at dawn, And we leave at noon.", "said")),
        ("InRole", ("We load at dawn, And we leave at noon.", "harbor chief")),
        ("SaidOn", ("We load at dawn, And we leave at noon.", "Friday")),
        ("SaidTo", ("that the “old crane” must go", "reporters")),
        ("SaidThrough", ("that the “old crane” must go", "a statement")),
        ("PassedOnBy", ("who pays", "Radio Quay")),
        ("ReportedIn", ("that the gate was open", "a clerk told her that the gate was open")),
    ],
)
def test_relations(got: Read, relation: str, first: tuple[str, str]) -> None:
    assert got.related(relation)[0] == first


def test_attributes_and_notes(got: Read) -> None:
    told = {(name, got.spans[owner][2], value) for name, owner, value in got.attributes}
    assert ("Kind", "that the “old crane” must go", "mixed") in told
    assert ("Factuality", 'money, "big" money, was paid', "denied") in told
    assert ("SpeakerType", "Dockers", "group") in told
    assert ("RoleStatus", "owner", "former") in told
    assert ("Granularity", "last week", "week") in told
    assert ("MediumType", "X", "social_media") in told
    notes = {got.spans[owner][2]: text for owner, text in got.notes.items()}
    assert notes["last week"] == "2026-05-04"
    assert notes["Ms. Sole"] == "p1: Mira Sole"
    assert notes["who pays"] == "s6, confidence 0.90"


def test_bratly_reads_every_line(folder: Path) -> None:
    lines = (folder / "quay.ann").read_text(encoding="utf-8").splitlines()
    entities = {}
    for line in lines:
        if line[0] == "T":
            entity = EntityAnnotation.from_line(line)
            entities[entity.id] = entity
            parts = [example.BODY[each.start : each.end] for each in entity.fragments]
            assert " ".join(parts) == entity.content
    others = {"R": RelationAnnotation, "A": AttributeAnnotation, "#": NoteAnnotation}
    for line in lines:
        if line[0] != "T":
            assert str(others[line[0]].from_line(line, entities)) == line


def test_the_configuration_allows_all_that_is_used(folder: Path, got: Read) -> None:
    sections: dict[str, list[str]] = {}
    for line in (folder / "annotation.conf").read_text().splitlines():
        if line.startswith("["):
            lines = sections.setdefault(line, [])
        elif line:
            lines.append(line)
    assert list(sections) == ["[entities]", "[relations]", "[events]", "[attributes]"]
    assert {type_ for type_, _, _ in got.spans.values()} <= set(sections["[entities]"])
    relations = dict(line.split("\t") for line in sections["[relations]"])
    for name, one, two in got.relations:
        assert relations[name] == f"Arg1:{got.spans[one][0]}, Arg2:{got.spans[two][0]}"
    attributes = dict(line.split("\t") for line in sections["[attributes]"])
    for name, owner, value in got.attributes:
        allowed = re.fullmatch(r"Arg:(\w+), Value:(\S+)", attributes[name])
        assert allowed
        assert allowed[1] == got.spans[owner][0]
        assert value in allowed[2].split("|")


@pytest.mark.parametrize(
    ("ids", "names"),
    [
        (["a/quay.txt", "b/Quay.txt", "quay.html"], ["quay", "Quay-2", "quay-3"]),
        (["-", ".", "..", "/"], ["article", "article-2", "article-3", "article-4"]),
        (["r e/ü b.v2"], ["ü_b.v2"]),
        (["../../etc/passwd", "a\0b"], ["passwd", "a_b"]),
        (["x" * 300], ["x" * 100]),
    ],
)
def test_names_are_safe_and_unlike(ids: list[str], names: list[str], tmp_path: Path) -> None:
    form = BratRenderer(tmp_path)
    for each in ids:
        form.write(ArticleMeta(each), Article(body="x"), AttributeQuotesResponse())
    assert {path.stem for path in tmp_path.glob("*.txt")} == set(names)
    assert {path.stem for path in tmp_path.glob("*.ann")} == set(names)


@given(
    body=st.text(st.sampled_from("ab \n\t\r\v\x85\u2028\x1c\u00a0\U0001f6a2"), min_size=1),
    data=st.data(),
)
def test_fragments_follow_the_rules_whatever_the_text(body: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(body) - 1))
    end = data.draw(st.integers(start + 1, len(body)))
    span = TextSpan(start_offset=start, end_offset=end)
    response = AttributeQuotesResponse(
        statements=[Statement(statement_id="s1", content_spans=[span])]
    )
    got = read(standoff(Article(body=body), response), body)
    words = "".join(body[start:end].split())
    assert "".join("".join(text.split()) for text in got.texts("Content")) == words
