"""Archives of made-up statements, as large as one likes and the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from quoth_cli.table.schema import Rows, parquet_schema

__all__ = ["RARE", "SPEAKER", "names", "tables", "write"]

SPEAKER = "Angela Merkel"
"""One of the most frequent speakers, a minister at some of her statements."""

RARE = "sanctions"
"""A word that about one statement in a hundred has."""

_FIRST = np.datetime64("2015-01-01")
_DAYS = 3653
_STATEMENTS = 10  # an article
_WORDS = 20  # a statement, in the mean
_BATCH = 100_000
_KINDS = ("direct", "indirect", "mixed")
_TYPES = ("person", "person", "person", "organization", "group", "document", "unnamed", "place")
_CUES = ("said", "told", "wrote", "according to", "announced", "warned", "added", "argued")
_TITLES = ("minister", "foreign minister", "mayor", "spokesman", "chief executive", "professor")
_BODIES = ("ministry", "council", "union", "institute", "bank", "group")
_PLAIN = ["ka", "lo", "mer", "in", "da", "ro", "sto", "va", "li", "ne", "fu", "bor", "gra", "ta"]
_PLAIN += ["sen", "ri", "mo", "ce", "hal", "pe", "no", "ster", "ba", "rin", "ko", "le", "tel", "os"]
_ACCENTED = [*_PLAIN, "é", "gü", "ðo", "må", "ły"]


def tables(statements: int, *, speakers: int = 200_000, seed: int = 7) -> Iterator[pa.Table]:
    """Yields statement rows in tables of a row group each.

    Args:
        statements: How many.
        speakers: How many different ones there may be. Few speak often and many once, as in the
            news.
        seed: Of the random numbers.
    """
    random = np.random.default_rng(seed)
    vocabulary = _words(random, 30_000, _PLAIN)
    vocabulary[150] = RARE
    parts = {
        "names": pa.array(_names(random, speakers)),
        "words": pa.array(vocabulary),
        "titles": pa.array(
            [*_TITLES[:2], *(f"{title} of {w}" for title in _TITLES for w in vocabulary[500:900])]
        ),
        "bodies": pa.array([f"{w.title()} {b}" for b in _BODIES for w in vocabulary[900:1400]]),
    }
    for begin in range(0, statements, _BATCH):
        yield _table(random, begin, min(_BATCH, statements - begin), parts)


def names(count: int, *, seed: int = 7) -> list[str]:
    """This many different made-up names."""
    return _names(np.random.default_rng(seed), count)


def write(path: Path, statements: int, **options: Any) -> None:
    """Writes an archive in one Parquet file, compressed as `quoth bulk` does."""
    schema = parquet_schema(Rows.STATEMENTS)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        for table in tables(statements, **options):
            writer.write_table(table)


def _table(random: Any, begin: int, count: int, parts: dict[str, pa.Array]) -> pa.Table:
    number = np.arange(begin, begin + count)
    position = number // _STATEMENTS
    texts = pa.array(position).cast(pa.string())
    lengths = 3 + random.poisson(_WORDS - 3, count)
    offsets = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32)
    chosen = parts["words"].take(
        pa.array(_ranks(random, len(parts["words"]), int(offsets[-1]), 0.9))
    )
    content = pc.binary_join(pa.ListArray.from_arrays(pa.array(offsets), chosen), " ")
    rank = _ranks(random, len(parts["names"]), count, 1.0)
    known = random.random(count) < 0.9
    held = known & (random.random(count) < 0.4)
    dated = random.random(count) < 0.3
    start = random.integers(0, 5000, count)
    end = start + pc.utf8_length(content).to_numpy()
    first = position[0]
    published = _FIRST + random.integers(0, _DAYS, 1 + position[-1] - first)
    anchor = published[position - first]
    said = anchor - random.integers(0, 7, count)
    # The known speaker is a minister of one sort or another, others keep their titles.
    either = random.integers(0, 2, count)
    titles = np.where(rank == 3, either, rank * 31 % len(parts["titles"]))
    names = parts["names"].take(pa.array(rank))
    sure = (0.3 + 0.7 * random.random(count)).astype(np.float32)
    spans = pa.ListArray.from_arrays(
        pa.array(np.arange(count + 1, dtype=np.int32)),
        pa.StructArray.from_arrays([_ints(start), _ints(end)], ["start", "end"]),
    )
    given: dict[str, pa.Array] = {
        "position": pa.array(position),
        "article_id": pc.binary_join_element_wise("article", texts, "-"),
        "title": pc.binary_join_element_wise("The title of article", texts, " "),
        "published": pa.array(np.datetime_as_string(anchor)),
        "url": pc.binary_join_element_wise("https://news.example", texts, "/"),
        "section": _pick(("politics", "world", "economy", "sport"), position % 4),
        "anchor_date": pa.array(anchor),
        "anchor_basis": _pick(("request",), number * 0),
        "language": _pick(("en",), number * 0),
        "statement_id": pa.array([f"s{n % _STATEMENTS + 1}" for n in number]),
        "kind": _pick(_KINDS, random.integers(0, 3, count)),
        "content": content,
        "content_spans": spans,
        "quoted_spans": spans,
        "cue": _pick(_CUES, random.integers(0, len(_CUES), count)),
        "cue_start": _ints(end + 2),
        "cue_end": _ints(end + 6),
        "speaker_id": _where(known, _pick(tuple(f"p{n}" for n in range(9)), rank % 9)),
        "speaker": _where(known, names),
        "speaker_type": _where(known, _pick(_TYPES, np.where(rank < 200, 0, rank % len(_TYPES)))),
        "mention": _where(known, names),
        "mention_start": _where(known, _ints(end + 7)),
        "mention_end": _where(known, _ints(end + 20)),
        "role": _where(held, parts["titles"].take(pa.array(titles))),
        "role_organization": _where(held, parts["bodies"].take(pa.array(rank * 17 % 3000))),
        "date": _where(dated, pa.array(np.datetime_as_string(said))),
        "date_from": _where(dated, pa.array(said)),
        "date_to": _where(dated, pa.array(said)),
        "factuality": _pick(("asserted", "denied"), (random.random(count) > 0.97).astype(int)),
        "confidence": pa.array(sure),
        "speaker_confidence": _where(known, pa.array(sure)),
        "record_confidence": pa.array(sure / 2),
        "engine_version": _pick(("bench",), number * 0),
    }
    schema = parquet_schema(Rows.STATEMENTS)
    columns = [
        given[field.name].cast(field.type) if field.name in given else pa.nulls(count, field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def _ints(values: Any) -> pa.Array:
    return pa.array(values.astype(np.int32))


def _pick(values: tuple[str, ...], at: Any) -> pa.Array:
    return pa.array(values).take(pa.array(at))


def _where(holds: Any, values: pa.Array) -> pa.Array:
    return pc.if_else(pa.array(holds), values, pa.scalar(None, values.type))


def _ranks(random: Any, most: int, count: int, power: float) -> Any:
    """Numbers below `most`, the small ones far more often (Zipf's law)."""
    weights = 1 / np.arange(1, most + 1) ** power
    chances = np.cumsum(weights / weights.sum())
    return np.searchsorted(chances, random.random(count)).clip(0, most - 1)


def _words(random: Any, count: int, syllables: list[str]) -> list[str]:
    """Different made-up words."""
    words: dict[str, None] = {}
    while len(words) < count:
        words["".join(random.choice(syllables, random.integers(1, 5)))] = None
    return list(words)


def _names(random: Any, count: int) -> list[str]:
    """Different made-up names, the fourth of them known."""
    first = [word.title() for word in _words(random, 2_000, _ACCENTED)]
    last = [word.title() for word in _words(random, 20_000, _ACCENTED)]
    names = dict.fromkeys(f"{first[n]} {last[n]}" for n in range(3))
    names[SPEAKER] = None
    while len(names) < count:
        names[f"{first[random.integers(2_000)]} {last[random.integers(20_000)]}"] = None
    return list(names)
