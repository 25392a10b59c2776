"""PyLD reads the JSON-LD; its terms are looked up in a package made of schema.org itself."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from typing import Any

import msgspec_schemaorg.models as models  # noqa: PLR0402 - as `from`, it recurses endlessly
import pytest
from pyld import jsonld

from quoth.v1 import (
    Article,
    AttributeQuotesResponse,
    CalendarDate,
    DateGranularity,
    MediumType,
    StatementDate,
)
from quoth_cli.formats import Format, renderer
from quoth_cli.formats.jsonld import is_iri, iso_date, news_article
from tests.unit.cli import example

SCHEMA = "http://schema.org/"
# What schema.org's own context says of the terms used here.
CONTEXT = {
    "@context": {
        "@vocab": SCHEMA,
        "url": {"@type": "@id"},
        "datePublished": {"@type": "Date"},
        "dateModified": {"@type": "Date"},
        "dateCreated": {"@type": "Date"},
    }
}
Node = dict[str, Any]


def load(url: str, _options: Node) -> Node:
    assert url in ("https://schema.org", "https://schema.org/"), f"{url} is not to be fetched"
    return {"contextUrl": None, "documentUrl": url, "document": CONTEXT}


def document() -> Node:
    return news_article(example.META, example.article(), example.answer())


def flattened(made: Node) -> dict[str, Node]:
    """Each node by its id, as PyLD reads the document."""
    nodes = jsonld.flatten(made, options={"documentLoader": load})
    return {node["@id"]: node for node in nodes}


def term(iri: str) -> str:
    assert iri.startswith(SCHEMA), f"{iri} is not a term of schema.org"
    return iri.removeprefix(SCHEMA)


def classes(node: Node) -> list[type]:
    return [getattr(models, term(each)) for each in node["@type"]]


def links(node: Node) -> Iterator[tuple[str, Node]]:
    for name, values in node.items():
        if not name.startswith("@"):
            for value in values:
                yield term(name), value


def expected_types(owner: type, name: str) -> str | None:
    """What schema.org says that a property of a class holds; None if the class has none such."""
    for base in owner.__mro__:
        if name in getattr(base, "__annotations__", {}):
            return str(base.__annotations__[name])
    return None


def misplaced(made: Node) -> list[str]:
    """The properties that schema.org does not give to their class, and values of a wrong class."""
    nodes = flattened(made)
    # A Role stands between a property and its value, and has the same property itself.
    in_role = {
        (value["@id"], name)
        for node in nodes.values()
        for name, value in links(node)
        if "@id" in value and models.Role in classes(nodes.get(value["@id"], {"@type": []}))
    }
    wrong = []
    for node in nodes.values():
        for name, value in links(node):
            expected = [expected_types(owner, name) for owner in classes(node)]
            if not any(expected) and (node["@id"], name) not in in_role:
                wrong.append(f"{name} of {node['@type']}")
            held = {
                base.__name__
                for each in classes(nodes.get(value.get("@id", ""), {"@type": []}))
                for base in each.__mro__
            }
            if held and not value["@id"].startswith("_:"):
                held.add("URL")
            fits = any(f"'{one}'" in each for each in expected if each for one in held)
            if held and any(expected) and not fits and "Role" not in held:
                wrong.append(f"{name} of {node['@type']}: {sorted(held)}")
    return wrong


def test_every_term_is_of_schema_org_and_where_it_belongs() -> None:
    assert misplaced(document()) == []


@pytest.mark.parametrize(
    ("place", "name", "value", "told"),
    [
        (0, "speaker", "Mira Sole", "speaker of"),
        (3, "spokenByCharacter", {"@type": "Person", "name": "x"}, "spokenByCharacter of"),
        (0, "audience", {"@type": "Person", "name": "x"}, "audience of"),
    ],
)
def test_the_check_sees_what_is_misplaced(place: int, name: str, value: Any, told: str) -> None:
    made = document()
    made["hasPart"][place][name] = value
    (wrong,) = misplaced(made)
    assert wrong.startswith(told)


def test_triples() -> None:
    lines = set(
        jsonld.to_rdf(
            document(), options={"documentLoader": load, "format": "application/n-quads"}
        ).splitlines()
    )
    article = "<https://news.example/quay>"
    a = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    assert f"{article} {a} <{SCHEMA}NewsArticle> ." in lines
    assert f'{article} <{SCHEMA}headline> "Quay, “shut”" .' in lines
    assert f'{article} <{SCHEMA}dateModified> "2026-05-16"^^<{SCHEMA}Date> .' in lines
    assert sum(f"{a} <{SCHEMA}Quotation> ." in line for line in lines) == 2
    assert sum(f"{a} <{SCHEMA}Claim> ." in line for line in lines) == 7
    assert sum(f"<{SCHEMA}isPartOf> {article}" in line for line in lines) == 10


def part(statement_id: str) -> Node:
    found: Node = next(each for each in document()["hasPart"] if each["identifier"] == statement_id)
    return found


@pytest.mark.parametrize(
    ("statement_id", "types"),
    [
        ("s1", "Quotation"),
        ("s2", "Quotation"),
        ("s3", "Question"),
        ("s4", "Claim"),
        ("s5", "Claim"),
        ("s6", "Claim"),
        ("s9", "Claim"),
    ],
)
def test_type_by_kind_and_factuality(statement_id: str, types: str) -> None:
    assert part(statement_id)["@type"] == types


def test_the_speaker_has_a_role_and_the_statement_a_day() -> None:
    said = part("s1")
    mira = {"@type": "Person", "@id": "_:p1", "name": "Mira Sole"}
    assert said["creator"] == {"@type": "Role", "roleName": "harbor chief", "creator": mira}
    assert said["spokenByCharacter"] == mira
    assert said["dateCreated"] == "2026-05-15"


@pytest.mark.parametrize(("statement_id", "why"), [("s4", "denied"), ("s6", "not yet said")])
def test_nobody_is_creator_of_what_they_did_not_say(statement_id: str, why: str) -> None:
    assert not {"creator", "spokenByCharacter"} & part(statement_id).keys()
    assert part(statement_id)["mentions"]["@id"].startswith("_:p")
    assert part(statement_id)["description"] == why


def test_a_paper_is_what_words_are_based_on() -> None:
    assert part("s5")["isBasedOn"] == {"@type": "CreativeWork", "@id": "_:p3", "name": "A report"}
    assert "creator" not in part("s5")


def test_second_hand_words_are_part_of_the_statement_that_reports_them() -> None:
    assert part("s9")["isPartOf"] == [{"@id": example.META.url}, {"@id": "_:s8"}]


def test_a_source_without_a_name_has_none() -> None:
    group, paper, unnamed = document()["mentions"][1:4]
    assert group == {"@type": "Organization", "@id": "_:p2", "description": "Dockers"}
    assert paper["name"] == "A report"
    assert "name" not in unnamed


def test_an_article_without_anything_known() -> None:
    made = news_article(
        example.ArticleMeta("-"), Article(body="x"), AttributeQuotesResponse(language_code="en")
    )
    assert made == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "@id": "_:article",
        "identifier": "-",
        "inLanguage": "en",
    }


@pytest.mark.parametrize(
    ("year", "month", "day", "granularity", "text"),
    [
        (2026, 5, 15, "DAY", "2026-05-15"),
        (2026, 5, 4, "WEEK", "2026-W19"),
        (2024, 12, 30, "WEEK", "2025-W01"),
        (2026, 5, 0, "MONTH", "2026-05"),
        (2026, 0, 0, "YEAR", "2026"),
        (987, 0, 0, "YEAR", "0987"),
    ],
)
def test_a_date_is_as_fine_as_it_is_known(
    year: int, month: int, day: int, granularity: str, text: str
) -> None:
    date = StatementDate(
        date=CalendarDate(year=year, month=month, day=day),
        granularity=DateGranularity.Value(f"DATE_GRANULARITY_{granularity}"),
    )
    assert iso_date(date) == text
    assert iso_date(StatementDate()) is None


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("https://a.example/é?b=1", True),
        ("urn:uuid:1", True),
        ("a.example/b", False),
        ("https://a b", False),
        ("", False),
    ],
)
def test_what_is_an_iri(text: str, is_one: bool) -> None:
    assert is_iri(text) is is_one


@pytest.mark.parametrize("with_text", [False, True])
def test_the_text_goes_with_it_on_request(with_text: bool) -> None:
    out = io.StringIO()
    made = renderer(Format.JSONLD, out, with_text=with_text)
    made.write(example.META, example.article(), example.answer())
    made.close()
    assert json.loads(out.getvalue()).get("articleBody") == (example.BODY if with_text else None)


def test_a_cue_is_not_the_name_of_a_medium() -> None:
    response = example.answer()
    told = response.statements[0]
    told.medium.span.CopyFrom(told.cue.span)
    told.medium.type = MediumType.MEDIUM_TYPE_SOCIAL_MEDIA
    made = news_article(example.META, example.article(), response)
    assert made["hasPart"][0]["isBasedOn"] == {"@type": "SocialMediaPosting"}
