from __future__ import annotations

from typing import Any

import pytest

from quoth import v1
from quoth_server.engine.types import (
    Article,
    KnownSpeaker,
    Reading,
    Span,
    Speaker,
    SpeakerMention,
    SpeakerType,
    Statement,
    StatementKind,
)
from quoth_server.service.convert import response
from quoth_server.service.errors import ServiceError
from quoth_server.service.validation import Job, Options, Rules, validate, validate_item

ANA = {"known_speaker_id": "Q1", "display_name": "Ana Ruiz"}


def request(*known: dict[str, Any]) -> v1.AttributeQuotesRequest:
    return v1.AttributeQuotesRequest(
        article=v1.Article(body="Text."),
        options=v1.AttributionOptions(known_speakers=[v1.KnownSpeaker(**each) for each in known]),
    )


def test_known_speakers_are_taken_over() -> None:
    full = ANA | {"aliases": ["AR"], "roles": ["mayor"], "type": 1}
    job = validate(request(full, {"known_speaker_id": "2", "display_name": "Bo Ek"}), Rules())
    assert job.article.known_speakers == (
        KnownSpeaker("Q1", "Ana Ruiz", ("AR",), ("mayor",), SpeakerType.PERSON),
        KnownSpeaker("2", "Bo Ek"),
    )


@pytest.mark.parametrize(
    ("known", "field", "reason"),
    [
        ([{"display_name": "A"}], "[0].known_speaker_id", "MISSING_FIELD"),
        ([ANA, {"known_speaker_id": "2"}], "[1].display_name", "MISSING_FIELD"),
        ([ANA | {"display_name": " \n"}], "[0].display_name", "MISSING_FIELD"),
        ([ANA | {"aliases": ["AR", ""]}], "[0].aliases[1]", "MISSING_FIELD"),
        ([ANA | {"roles": [" "]}], "[0].roles[0]", "MISSING_FIELD"),
        ([ANA | {"display_name": "x" * 201}], "[0].display_name", "FIELD_TOO_LONG"),
        ([ANA | {"known_speaker_id": "x" * 201}], "[0].known_speaker_id", "FIELD_TOO_LONG"),
        ([ANA | {"aliases": ["x" * 201]}], "[0].aliases[0]", "FIELD_TOO_LONG"),
        ([ANA | {"aliases": ["x"] * 21}], "[0].aliases", "FIELD_TOO_LONG"),
        ([ANA | {"roles": ["x"] * 21}], "[0].roles", "FIELD_TOO_LONG"),
        ([ANA] * 1001, "", "FIELD_TOO_LONG"),
        ([ANA, ANA], "[1].known_speaker_id", "DUPLICATE_KNOWN_SPEAKER_ID"),
        ([ANA | {"type": 77}], "[0].type", "INVALID_ENUM_VALUE"),
    ],
)
def test_a_bad_known_speaker_is_named(known: list[dict[str, Any]], field: str, reason: str) -> None:
    with pytest.raises(ServiceError) as caught:
        validate(request(*known), Rules())
    found = {violation.field: violation.reason for violation in caught.value.violations}
    assert found == {f"options.known_speakers{field}": reason}
    item = v1.BulkAttributeQuotesRequest(item_id="a", request=request(*known))
    with pytest.raises(ServiceError) as caught:
        validate_item(item, set(), Rules())
    assert caught.value.violations[0].field == f"request.options.known_speakers{field}"


def test_as_many_and_as_long_as_may_be_are_taken() -> None:
    texts = {"aliases": ["x" * 200] * 20, "roles": ["y" * 200] * 20, "display_name": "é" * 200}
    known = [texts | {"known_speaker_id": str(number)} for number in range(1000)]
    assert len(validate(request(*known), Rules()).article.known_speakers) == 1000


@pytest.mark.parametrize(("full", "role"), [(True, "mayor"), (False, "")])
def test_known_speakers_are_sent(full: bool, role: str) -> None:
    whole = Span(0, 5)
    reading = Reading(
        (
            Statement(
                "s1",
                StatementKind.INDIRECT,
                (whole,),
                speaker=SpeakerMention(whole, "p1", known_role="mayor"),
            ),
        ),
        (Speaker("p1", "Ana Ruiz", SpeakerType.PERSON, known_speaker_id="Q1"),),
    )
    told = response(reading, Job(Article("Text."), Options(full=full)), "1")
    assert told.statements[0].speaker.known_role == role
    assert not told.statements[0].speaker.HasField("role")
    assert told.speakers[0].known_speaker_id == "Q1"


def test_who_is_not_known_has_an_answer_as_before() -> None:
    whole = Span(0, 5)
    said = Statement("s1", StatementKind.INDIRECT, (whole,), speaker=SpeakerMention(whole, "p1"))
    reading = Reading((said,), (Speaker("p1", "Ana Ruiz", SpeakerType.PERSON),))
    told = response(reading, Job(Article("Text."), Options()), "1")
    assert not told.statements[0].speaker.HasField("known_role")
    assert not told.speakers[0].HasField("known_speaker_id")
