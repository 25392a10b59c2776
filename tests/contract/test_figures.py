"""Figures that the contract and the pages state are those of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from quoth._sizes import ALWAYS_ACCEPTED_BYTES
from quoth_cli.cluster import parcels
from quoth_cli.commands import search
from quoth_cli.formats import webannotation
from quoth_cli.pages import extraction, process
from quoth_cli.readers import parquet, sources, streams
from quoth_server.http import connection, json_form
from quoth_server.service import (
    assembly,
    budget,
    errors,
    files,
    intake,
    quarantine,
    reader,
    validation,
    workers,
)
from quoth_server.settings import Settings

ROOT = Path(__file__).parents[2]
MIB = 1024 * 1024
WORDS = {"two": 2, "twice": 2, "five": 5, "eight": 8, "ten": 10}
SETTINGS = Settings()


def text_of(path: str) -> str:
    """A file with its lines run together, without the marks of comments."""
    return " ".join(re.sub(r"^\s*//", "", (ROOT / path).read_text("utf-8"), flags=re.M).split())


PROTO = text_of("proto/quoth/v1/attribution_service.proto")
ARTICLE = text_of("proto/quoth/v1/article.proto")
OPERATING = text_of("docs/operating.md")
BULK = text_of("docs/bulk.md")
FORMATS = text_of("docs/formats.md")

FIGURES = [
    (ARTICLE, r"At most ([\d,]+) characters", validation._LONGEST_FIELD),
    (PROTO, r'"maxCharacters": "(\d+)"', validation._LONGEST_FIELD),
    (PROTO, r'"maxBodyCharacters": "(\d+)"', SETTINGS.max_body_characters),
    (PROTO, r'"processesEnded": "(\d+)"', quarantine._STRIKES),
    (PROTO, r"The text has (twice) crashed the process", quarantine._STRIKES),
    (PROTO, r"unique in the stream\. 1 to (\d+) characters", validation.LONGEST_ITEM_ID),
    (PROTO, r"too long, its first (\d+) characters", validation.LONGEST_ITEM_ID),
    (PROTO, r"empty means all\. At most (\d+) values", validation._MOST_KINDS),
    (PROTO, r"the bad fields at once, up to (\w+),", errors._MOST_VIOLATIONS),
    (PROTO, r"The bad fields of the item, up to (\w+)\.", errors._MOST_VIOLATIONS),
    (PROTO, r"One of the ([\d,]+) items before it", reader._LATEST_IDS),
    (PROTO, r"first (\d+) hexadecimal digits", len(quarantine.digest("x"))),
    (PROTO, r"(Two) processes in a row that read the article", workers._TRIES),
    (OPERATING, r"The limit is (\d+) MiB", SETTINGS.max_held_bytes / MIB),
    (OPERATING, r"request must arrive within (\d+) seconds once", intake._TO_ARRIVE),
    (OPERATING, r"sends nothing for (\d+) seconds", reader._IDLE),
    (OPERATING, r"Concurrent calls\.\*\* At most ([\d,]+),", intake._MOST_CALLS),
    (OPERATING, r"at most ([\d,]+) for one caller", intake._MOST_CALLS * budget._SHARE),
    (OPERATING, r"after (\w+) failures in a row", workers._FAILURES_IN_A_ROW),
    (OPERATING, r"an answer must be read within (\d+)\.", connection.PATIENCE),
    (OPERATING, r"JSON with more than ([\d,]+) elements", json_form.MOST_ELEMENTS),
    (OPERATING, r"`ulimit -Hn`, up to ([\d,]+)\)", files._ENOUGH),
    (OPERATING, r"a quarter, at most (\d+), to", files._MOST_HTTP),
    (OPERATING, r"end after (\d+) seconds without any traffic", assembly._HANDSHAKE_MS / 1000),
    (OPERATING, r"and (\d+) minutes without a call", assembly._IDLE_MS / 60_000),
    (OPERATING, r"is refused for (\w+) minutes", quarantine._SECONDS / 60),
    (OPERATING, r"the first (\d+) digits of the SHA-256", len(quarantine.digest("x"))),
    (BULK, r"accepts in one message \((\d+) MiB", ALWAYS_ACCEPTED_BYTES / MIB),
    (BULK, r"of files over (\d+) MiB samples", sources._BLOCK * sources._BLOCKS / MIB),
    (BULK, r"page or file may be (\d+) MiB", streams.MAX_BYTES / MIB),
    (BULK, r"page or file may be (\d+) MiB", process.MAX_PAGE_BYTES / MIB),
    (BULK, r"(\d+) MiB of open pages", parquet._MAX_PAGES / MIB),
    (BULK, r"(\d+) MiB of dictionary", parquet._MAX_DICTIONARY / MIB),
    (BULK, r"of HTML has (\d+) seconds", process._SECONDS),
    (BULK, r"CPU time and (\d+) MiB", process._MEMORY_BYTES / MIB),
    (BULK, r"\[settings\]\(settings\.md\): ([\d,]+) characters", SETTINGS.max_body_characters),
    (BULK, r"characters and (\d+) seconds, unless", SETTINGS.max_deadline),
    (FORMATS, r"`TextQuoteSelector` with (\d+) characters", webannotation._AROUND),
    (FORMATS, r"fewer than (\d+) characters", extraction._SHORTEST),
    (text_of("docs/languages.md"), r"an article at most (\d+) seconds", SETTINGS.max_deadline),
    (text_of("docs/languages.md"), r'"maxBodyCharacters": (\d+)', SETTINGS.max_body_characters),
    (text_of("docs/searching.md"), r"`table`\*\* has (\d+) rows", search._SCREENFUL),
    (text_of("docs/cluster.md"), r"parcels of (\d+) articles", parcels._ARTICLES),
]


@pytest.mark.parametrize(("text", "stated", "expected"), FIGURES)
def test_the_figure_is_that_of_the_code(text: str, stated: str, expected: float) -> None:
    found = re.findall(stated, text)
    assert found, "the text no longer states it so: change this test with it"
    for each in found:
        word = each.lower().replace(",", "")
        assert float(WORDS.get(word, word)) == expected
