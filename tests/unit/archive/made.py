"""A small archive: three articles, two people of one family name, unnamed sources."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

__all__ = ["EVIL", "TEXTS", "archive"]

EVIL = "<img src=x onerror=\"window.hurt='img'\"><script>window.hurt='script'</script>"
TEXTS = {
    "a1": "“The bridge is safe,” said Mara Olsen, the chief engineer, on Monday.",
    "a2": "Mara Olsen said repairs would take a month. “Never again,” said a driver.",
    "a3": f"“{EVIL},” said Teo Marsh. Harbor Trust said it had no plans.",
}
_TITLES = {
    "a1": "Engineer calls the harbor bridge safe",
    "a2": "Harbor bridge closes for repairs",
    "a3": "Harbor Trust has no plans",
}
# article, day, content, kind, speaker, type, role, organization
_SAID = (
    ("a1", "2026-05-14", "The bridge is safe,", "direct", "Mara Olsen", "person",
     "the chief engineer", None),
    ("a2", "2026-06-02", "repairs would take a month", "indirect", "Mara Olsen", "person",
     None, None),
    ("a2", "2026-06-02", "Never again,", "direct", "a driver", "unnamed", None, None),
    ("a3", "2026-06-20", f"{EVIL},", "direct", "Teo Marsh", "person", None, None),
    ("a3", "2026-06-20", "it had no plans", "indirect", "Harbor Trust", "organization",
     None, None),
)  # fmt: skip


def archive(path: Path, *, text: bool = True) -> Path:
    """Writes it as `quoth bulk` does."""
    pq.write_table(pa.Table.from_pylist([_row(*each, text=text) for each in _SAID]), path)
    return path


def _row(
    article: str,
    day: str,
    content: str,
    kind: str,
    speaker: str,
    of: str,
    role: str | None,
    organization: str | None,
    *,
    text: bool,
) -> dict[str, Any]:
    body = TEXTS[article]
    start = body.index(content)
    row = {
        "position": int(article[1:]) - 1,
        "article_id": article,
        "title": _TITLES[article],
        "url": f"https://news.example/{article}",
        "anchor_date": datetime.date.fromisoformat(day),
        "statement_id": f"s{start}",
        "kind": kind,
        "content": content,
        "content_spans": [{"start": start, "end": start + len(content)}],
        "speaker_id": speaker,
        "speaker": speaker,
        "speaker_type": of,
        "mention": speaker,
        "mention_start": body.index(speaker),
        "mention_end": body.index(speaker) + len(speaker),
        "role": role,
        "role_organization": organization,
        "factuality": "asserted",
        "confidence": 0.9,
    }
    return row | ({"text": body} if text else {})
