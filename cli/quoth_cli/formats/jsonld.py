"""schema.org output: a `NewsArticle` an article, with its statements as `hasPart`, in JSON-LD.

Direct and mixed statements are `Quotation`s, indirect ones `Claim`s; a question is a `Question`
beside or instead. Only what was said (or asked) has a `creator`: what was denied, not said,
not yet said or hypothetical is a `Claim` that has its speaker under `mentions`, and says why in
its `description`, so that no reader takes the words for the speaker's.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from typing import Any

from quoth import content_of
from quoth.v1 import (
    Article,
    AttributeQuotesResponse,
    DateGranularity,
    Factuality,
    MediumType,
    Role,
    RoleStatus,
    Speaker,
    SpeakerType,
    Statement,
    StatementDate,
    StatementKind,
)
from quoth_cli.formats.wording import STATUSES, factuality_words, is_cue
from quoth_cli.printable import clean
from quoth_cli.table.rows import ArticleMeta, calendar_text

__all__ = ["CONTEXT", "is_iri", "iso_date", "news_article"]

CONTEXT = "https://schema.org"

_Node = dict[str, Any]

_TYPES = {
    SpeakerType.SPEAKER_TYPE_PERSON: "Person",
    SpeakerType.SPEAKER_TYPE_UNNAMED: "Person",
    SpeakerType.SPEAKER_TYPE_PLACE: "GovernmentOrganization",
    SpeakerType.SPEAKER_TYPE_DOCUMENT: "CreativeWork",
}
"""Other kinds of speaker are an `Organization`, the one other kind that schema.org lets speak."""

_NAMELESS = (SpeakerType.SPEAKER_TYPE_GROUP, SpeakerType.SPEAKER_TYPE_UNNAMED)

_REFERENCE = ("@type", "@id", "name", "description")

_NOT_SAID = (
    Factuality.FACTUALITY_DENIED,
    Factuality.FACTUALITY_NEGATED,
    Factuality.FACTUALITY_FUTURE,
    Factuality.FACTUALITY_HYPOTHETICAL,
)

_EVENTS = {
    MediumType.MEDIUM_TYPE_INTERVIEW: "Event",
    MediumType.MEDIUM_TYPE_PUBLIC_REMARKS: "Event",
    MediumType.MEDIUM_TYPE_BROADCAST: "BroadcastEvent",
}
_WORKS = {
    MediumType.MEDIUM_TYPE_WRITTEN_STATEMENT: "CreativeWork",
    MediumType.MEDIUM_TYPE_DOCUMENT: "CreativeWork",
    MediumType.MEDIUM_TYPE_SOCIAL_MEDIA: "SocialMediaPosting",
}

_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>\"{}|\\^`]+")


def news_article(
    meta: ArticleMeta, article: Article, response: AttributeQuotesResponse, with_text: bool = False
) -> _Node:
    """The JSON-LD document of one article; extracted texts are always in `articleBody`."""
    speakers = {each.speaker_id: _speaker(each) for each in response.speakers}
    place = meta.url if is_iri(meta.url) else "_:article"
    parts = [
        _statement(each, place, speakers, response, article.body) for each in response.statements
    ]
    return _known(
        {
            "@context": CONTEXT,
            "@type": "NewsArticle",
            "@id": place,
            "url": meta.url if is_iri(meta.url) else None,
            "identifier": meta.id,
            "headline": meta.title,
            "author": {"@type": "Person", "name": meta.author} if meta.author else None,
            "articleSection": meta.section,
            "datePublished": meta.published,
            "dateModified": meta.updated,
            "inLanguage": response.language_code,
            "articleBody": article.body if with_text or meta.extracted else None,
            "mentions": list(speakers.values()),
            "hasPart": parts,
        }
    )


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI, as identifiers of linked data must be."""
    return _IRI.fullmatch(text) is not None


def iso_date(date: StatementDate) -> str | None:
    """A date in ISO 8601 as fine as it is known: `2019`, `2019-05`, `2019-W21`, `2019-05-25`."""
    if not date.HasField("date"):
        return None
    if date.granularity == DateGranularity.DATE_GRANULARITY_WEEK:
        year, week, _ = datetime.date(date.date.year, date.date.month, date.date.day).isocalendar()
        return f"{year:04}-W{week:02}"
    return calendar_text(date.date)


def _known(node: _Node) -> _Node:
    """A node without the properties that are not known."""
    return {key: value for key, value in node.items() if value not in (None, "", [])}


def _speaker(speaker: Speaker) -> _Node:
    name = clean(speaker.display_name)
    type_ = _TYPES.get(speaker.type, "Organization")
    offices = [_office(role) for role in speaker.roles if _holds_office(role)]
    return _known(
        {
            "@type": type_,
            "@id": f"_:{speaker.speaker_id}",
            # "Two officials" is not a name.
            "description" if speaker.type in _NAMELESS else "name": name,
            "affiliation": offices if type_ == "Person" else None,
        }
    )


def _holds_office(role: Role) -> bool:
    held = (RoleStatus.ROLE_STATUS_CURRENT, RoleStatus.ROLE_STATUS_ACTING)
    return bool(role.organization) and role.status in held


def _office(role: Role) -> _Node:
    body = {"@type": "Organization", "name": clean(role.organization)}
    return {"@type": "Role", "roleName": clean(role.span.text), "affiliation": body}


def _statement(
    statement: Statement,
    place: str,
    speakers: Mapping[str, _Node],
    response: AttributeQuotesResponse,
    body: str,
) -> _Node:
    quoted = statement.kind != StatementKind.STATEMENT_KIND_INDIRECT
    not_said = statement.factuality in _NOT_SAID
    types = ["Quotation"] if quoted and not not_said else ["Claim"]
    if statement.factuality == Factuality.FACTUALITY_ASKED:
        types = ["Quotation", "Question"] if quoted else ["Question"]
    parents = [place]
    if statement.parent_statement_id:
        parents.append(f"_:{statement.parent_statement_id}")
    return _known(
        {
            "@type": types if len(types) > 1 else types[0],
            "@id": f"_:{statement.statement_id}",
            "identifier": statement.statement_id,
            "text": content_of(statement, body),
            "description": factuality_words(statement) if not_said else None,
            "inLanguage": response.language_code,
            **_source(statement, speakers.get(statement.speaker.speaker_id), types, not_said),
            "dateCreated": iso_date(statement.date),
            "audience": (
                {"@type": "Audience", "name": clean(statement.addressee.text)}
                if statement.HasField("addressee")
                else None
            ),
            "recordedAt": _medium(statement, _EVENTS),
            "appearance": {"@id": place} if "Claim" in types else None,
            "isPartOf": [{"@id": each} for each in parents],
        }
    )


def _source(statement: Statement, speaker: _Node | None, types: list[str], not_said: bool) -> _Node:
    """Who said it, in which role, and what it was taken from."""
    medium = _medium(statement, _WORKS)
    if speaker is None:
        return {"isBasedOn": medium}
    reference: _Node = {key: speaker[key] for key in _REFERENCE if key in speaker}
    if not_said:
        return {"mentions": reference, "isBasedOn": medium}
    if speaker["@type"] == "CreativeWork":
        # A document is not a creator; what it says is based on it.
        return {"isBasedOn": [reference, medium] if medium else reference}
    role = statement.speaker.role if statement.speaker.HasField("role") else None
    return {
        "creator": _in_role(role, reference) if role else reference,
        "spokenByCharacter": reference if "Quotation" in types else None,
        "isBasedOn": medium,
    }


def _in_role(role: Role, reference: _Node) -> _Node:
    return _known(
        {
            "@type": "Role",
            "roleName": clean(role.span.text),
            "description": STATUSES.get(role.status),
            "creator": reference,
        }
    )


def _medium(statement: Statement, types: Mapping[MediumType.ValueType, str]) -> _Node | None:
    medium = statement.medium
    if medium.type not in types:
        return None
    name = None if is_cue(medium, statement) else clean(medium.span.text)
    return _known({"@type": types[medium.type], "name": name})
