"""Requests in, articles and options out, or every bad field named at once."""

from __future__ import annotations

import datetime
import re
from collections.abc import Container
from dataclasses import dataclass, replace
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from quoth import v1
from quoth_server.engine.types import Article, StatementKind
from quoth_server.service import errors, known_speakers
from quoth_server.service.violations import Violations

__all__ = [
    "LANGUAGES",
    "LONGEST_ITEM_ID",
    "Job",
    "Options",
    "Rules",
    "is_item_id",
    "validate",
    "validate_item",
]

LANGUAGES = ("en",)
"""The languages read, as BCP-47 codes."""

LONGEST_ITEM_ID = 64
"""Characters of an `item_id`."""

_LONGEST_SHOWN = 40  # of a value in a message; no time zone and no code of a language is longer
_MOST_KINDS = 16  # there are three, and each may stand there twice
_LONGEST_FIELD = 2_000  # code points; a headline or an address has a tenth of it
_ITEM_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{LONGEST_ITEM_ID}}}")
_LANGUAGE_CODE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*")
_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)
_KINDS = {v1.StatementKind.Value(f"STATEMENT_KIND_{kind.name}"): kind for kind in StatementKind}


@dataclass(frozen=True, slots=True)
class Rules:
    """What the server's settings allow and assume."""

    max_body_characters: int = 200_000
    min_confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Options:
    """What to report and how; `kinds` is empty for all, `full` is false for the BASIC view.

    `rejected` requests the quotations that are not statements, `nonresponses` who did not answer,
    `sentences` the sentences of the body.
    """

    encoding: v1.OffsetEncoding.ValueType = v1.OffsetEncoding.OFFSET_ENCODING_UTF32
    kinds: frozenset[StatementKind] = frozenset()
    min_confidence: float = 0.0
    full: bool = True
    rejected: bool = False
    nonresponses: bool = False
    sentences: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A request found good; `path` is where the article's fields stand in it."""

    article: Article
    options: Options = Options()
    path: str = "article."


def validate(request: v1.AttributeQuotesRequest, rules: Rules) -> Job:
    """The job that a request asks for.

    Raises:
        ServiceError: naming every bad field.
    """
    return _validate(request, rules, "", Violations())


def is_item_id(item_id: str) -> bool:
    """Whether it may name an item."""
    return bool(_ITEM_ID.fullmatch(item_id))


def validate_item(item: v1.BulkAttributeQuotesRequest, seen: Container[str], rules: Rules) -> Job:
    """The job that an item of a stream asks for; `seen` has the ids of those before it.

    Raises:
        ServiceError: naming every bad field.
    """
    violations = Violations()
    item_id = item.item_id
    if not is_item_id(item_id):
        violations.add(
            "item_id",
            f"{_shown(item_id)} must be 1 to 64 characters of A-Z, a-z, 0-9, _ and -",
            "INVALID_ITEM_ID",
        )
    elif item_id in seen:
        violations.add(
            "item_id",
            f"{item_id!r} was the id of an earlier item; ids must be unique",
            "DUPLICATE_ITEM_ID",
        )
    if not item.HasField("request"):
        violations.missing("request")
        violations.raise_any()
    return _validate(item.request, rules, "request.", violations)


def _validate(
    request: v1.AttributeQuotesRequest, rules: Rules, prefix: str, violations: Violations
) -> Job:
    if request.HasField("article"):
        article = _article(request.article, rules, f"{prefix}article.", violations)
    else:
        violations.missing(f"{prefix}article")
    options = _options(request.options, rules, f"{prefix}options.", violations)
    field = f"{prefix}options.known_speakers"
    known = known_speakers.read(request.options.known_speakers, field, violations)
    violations.raise_any()
    return Job(replace(article, known_speakers=known), options, f"{prefix}article.")


def _article(article: v1.Article, rules: Rules, prefix: str, violations: Violations) -> Article:
    body = article.body  # each look at it makes a copy
    characters = len(body)
    if not body or body.isspace():
        violations.add(
            f"{prefix}body", "it is empty or blank; send the article's text", "EMPTY_BODY"
        )
    elif characters > rules.max_body_characters:
        violations.add(
            f"{prefix}body",
            f"it has {characters} characters but may have at most {rules.max_body_characters}; "
            "send it in parts",
            "BODY_TOO_LONG",
            bodyCharacters=characters,
            maxBodyCharacters=rules.max_body_characters,
        )
    for name in ("article_id", "title", "source_uri"):
        violations.length(prefix + name, len(getattr(article, name)), _LONGEST_FIELD)
    published = _published(article, prefix, violations)
    _check_language(article.language_code, prefix, violations)
    return Article(body, article.title, published)


def _published(article: v1.Article, prefix: str, violations: Violations) -> datetime.date | None:
    """The calendar day of publication."""
    name = article.time_zone or "UTC"
    known = name in _time_zones()
    if not known:
        violations.add(
            f"{prefix}time_zone",
            f"{_shown(name)} is not an IANA time zone; send one such as 'America/New_York'",
            "INVALID_TIME_ZONE",
            timeZone=name[:_LONGEST_SHOWN],
        )
    date, time = article.publish_date, article.publish_time
    try:
        match article.WhichOneof("publication"):
            case "publish_date":
                return datetime.date(date.year, date.month, date.day)
            case "publish_time":
                if not 0 <= time.nanos < 1_000_000_000:
                    raise OverflowError
                moment = _EPOCH + datetime.timedelta(seconds=time.seconds)
                return moment.astimezone(ZoneInfo(name) if known else datetime.UTC).date()
    except ValueError:
        violations.add(
            f"{prefix}publish_date",
            f"{date.year}-{date.month}-{date.day} is not a day in the years 1 to 9999; "
            "send its year, month and day",
            "INVALID_PUBLISH_DATE",
        )
    except OverflowError:
        violations.add(
            f"{prefix}publish_time",
            f"{time.seconds} s and {time.nanos} ns is not a time in the years 1 to 9999 there; "
            "send seconds since 1970 in UTC, and 0 to 999999999 nanoseconds",
            "INVALID_PUBLISH_TIME",
        )
    return None


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())


def _check_language(code: str, prefix: str, violations: Violations) -> None:
    field = f"{prefix}language_code"
    if not code:
        return
    if len(code) > _LONGEST_SHOWN or not _LANGUAGE_CODE.fullmatch(code):
        violations.add(
            field,
            f"{_shown(code)} is not a BCP-47 code; send one such as 'en' or 'en-GB', or none",
            "INVALID_LANGUAGE_CODE",
            languageCode=code[:_LONGEST_SHOWN],
        )
    elif code.partition("-")[0].lower() not in LANGUAGES:
        violations.append(errors.unsupported_language(field, code[:_LONGEST_SHOWN], LANGUAGES))


def _options(
    options: v1.AttributionOptions, rules: Rules, prefix: str, violations: Violations
) -> Options:
    if options.offset_encoding not in v1.OffsetEncoding.values():
        violations.unknown(f"{prefix}offset_encoding", options.offset_encoding, "OffsetEncoding")
    if options.view not in v1.StatementView.values():
        violations.unknown(f"{prefix}view", options.view, "StatementView")
    kinds = len(options.kinds)
    if kinds > _MOST_KINDS:
        violations.too_many(f"{prefix}kinds", kinds, _MOST_KINDS, "list each kind once")
    else:
        for index, kind in enumerate(options.kinds):
            if kind not in _KINDS:
                known = "StatementKind that a statement can have"
                violations.unknown(f"{prefix}kinds[{index}]", kind, known)
    least = options.min_confidence if options.HasField("min_confidence") else rules.min_confidence
    violations.confidence(f"{prefix}min_confidence", least)
    return Options(
        encoding=options.offset_encoding or v1.OffsetEncoding.OFFSET_ENCODING_UTF32,
        kinds=frozenset(_KINDS[kind] for kind in options.kinds[:_MOST_KINDS] if kind in _KINDS),
        min_confidence=least,
        full=options.view != v1.StatementView.STATEMENT_VIEW_BASIC,
        rejected=options.include_rejected_quotations,
        nonresponses=options.include_nonresponses,
        sentences=options.include_sentences,
    )


def _shown(value: str) -> str:
    """A value for a message, shortened where it is far too long to be meant."""
    return repr(value if len(value) <= _LONGEST_SHOWN else value[:_LONGEST_SHOWN] + "…")
