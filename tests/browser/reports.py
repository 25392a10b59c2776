"""Articles to show: one that has everything, one of many voices, one that attacks the page."""

from __future__ import annotations

from quoth.v1 import (
    Article,
    AttributeQuotesResponse,
    NoticeReason,
    RejectionReason,
    Role,
    SpeakerMention,
)
from quoth_cli.report import Attributed
from tests.unit.cli import example
from tests.unit.cli.build import span, statement


def everything() -> Attributed:
    """Split, nested, mixed and unsure statements, relays, roles, dates, notices, no statement."""
    response = example.answer()
    for each in response.statements:
        each.record_confidence = 0.8
        each.confidence = 0.3 if each.statement_id == "s7" else each.confidence
        each.speaker.role_confidence = 0.7 if each.speaker.HasField("role") else 0
        if not each.speaker.speaker_id:
            each.ClearField("speaker")
    response.rejected_quotations.add(
        span=span(example.BODY, "big"), reason=RejectionReason.REJECTION_REASON_SCARE_QUOTES
    )
    response.notices.add(
        reason=NoticeReason.NOTICE_REASON_AMBIGUOUS_SPEAKER, message="Two speakers fit."
    )
    return Attributed("quay.txt", example.article(), response)


def many_voices(count: int = 30) -> Attributed:
    """More speakers than there are colors and letters; the first says two things."""
    lines = [f"Speaker {n} said that thing {n} is so." for n in range(count)]
    body = "\n\n".join(["Many voices", *lines, "Speaker 0 said nothing else is so."])
    response = AttributeQuotesResponse()
    for n in range(count):
        response.speakers.add(speaker_id=f"p{n}", display_name=f"Speaker {n}")
        response.statements.append(
            statement(
                body,
                f"that thing {n} is so",
                cue="said",
                speaker=SpeakerMention(span=span(body, f"Speaker {n} "), speaker_id=f"p{n}"),
                statement_id=f"s{n}",
            )
        )
    response.statements.append(
        statement(
            body,
            "nothing else is so",
            speaker=SpeakerMention(speaker_id="p0"),
            statement_id=f"s{count}",
        )
    )
    return Attributed("voices.txt", Article(body=body), response)


def overlapping() -> Attributed:
    """Two statements that share words without one being inside the other."""
    body = "A B C D E F"
    response = AttributeQuotesResponse()
    for speaker_id, words in (("p1", "B C D"), ("p2", "D E")):
        response.speakers.add(speaker_id=speaker_id, display_name=f"Voice {speaker_id}")
        response.statements.append(
            statement(
                body,
                words,
                statement_id=f"of-{speaker_id}",
                speaker=SpeakerMention(speaker_id=speaker_id),
            )
        )
    return Attributed("overlap.txt", Article(body=body), response)


def unwieldy() -> Attributed:
    """An address, a name and a word that are longer than a line, and a paragraph in Hebrew."""
    name = "Maximiliane-Theodora von und zu Hohenfels-Wackerbarth of the United Confederations"
    word = "o" * 300
    hebrew = "«שלום», אמרה רות."
    body = f"A long day\n\n“{word},” said {name}.\n\n{hebrew}\n\n“שלום” means peace, she said."
    response = AttributeQuotesResponse()
    response.speakers.add(speaker_id="p1", display_name=name).roles.add(
        span=span(body, word), organization=word
    )
    response.statements.append(
        statement(
            body,
            word,
            quoted=(word,),
            kind="direct",
            speaker=SpeakerMention(
                span=span(body, name),
                speaker_id="p1",
                role=Role(span=span(body, word), organization=f"London {word}"),
            ),
        )
    )
    address = f"https://news.example/{word}"
    article = Article(title=f"{word} {name}", body=body, source_uri=address)
    return Attributed(f"{word}.txt", article, response)


def attack(text: str) -> Attributed:
    """The text in every place that is shown."""
    body = f"{text}\n\n“Yes,” {text} said {text}."
    where = span(body, text)
    response = AttributeQuotesResponse(engine_version=text)
    response.speakers.add(speaker_id=text, display_name=text).roles.add(
        span=where, organization=text
    )
    made = response.statements.add(statement_id=text, confidence=0.5)
    made.content_spans.append(span(body, "Yes,"))
    made.cue.span.CopyFrom(where)
    made.cue.lemma = text
    made.speaker.span.CopyFrom(where)
    made.speaker.speaker_id = text
    made.speaker.role.span.CopyFrom(where)
    made.speaker.role.organization = text
    made.addressee.CopyFrom(where)
    made.medium.span.CopyFrom(where)
    made.date.span.CopyFrom(where)
    made.relays.add(span=where, speaker_id=text).cue.span.CopyFrom(where)
    response.notices.add(message=text, span=where)
    response.rejected_quotations.add(span=where)
    return Attributed(text, Article(title=text, body=body, source_uri=text), response)
