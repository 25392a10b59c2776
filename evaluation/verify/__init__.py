"""Quotations to be verified, and how many are verified right: `python -m evaluation.verify`.

The statements of `statements.jsonl` are written as an archive, as `quoth bulk` writes one, and each
case of `cases.jsonl` is looked up in it. README.md says how the cases were made.
"""

from __future__ import annotations

import json
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from quoth_cli.evaluation.toml_gold import is_held_out
from quoth_cli.table.schema import Rows, parquet_schema, table_of
from quoth_server.archive.answer import Answer, in_archive
from quoth_server.archive.archive import Archive
from quoth_server.archive.verify import Quotation

__all__ = ["Case", "Judged", "cases", "judged", "table", "write_archive"]

_FOLDER = Path(__file__).parent
_HELD_OUT_ONE_IN = 5


@dataclass(frozen=True, slots=True)
class Case:
    """A quotation and what is to come of it.

    Attributes:
        id: Its name.
        text: The gold text that it was made from.
        quotation: The words.
        speaker: Who supposedly said them; empty for anybody.
        expect: The outcome, a name of `VerifyOutcome` without its prefix.
        made: How it was made.
        who: Who said the words, where another speaker did.
    """

    id: str
    text: str
    quotation: str
    speaker: str
    expect: str
    made: str
    who: str = ""

    @property
    def held_out(self) -> bool:
        """Whether it is kept aside: nothing was chosen with it in sight."""
        return is_held_out(self.text, _HELD_OUT_ONE_IN)


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with its answer."""

    case: Case
    answer: Answer

    @property
    def right(self) -> bool:
        """Whether the outcome is the expected one, and the speaker where there is another."""
        if self.answer.outcome.name != self.case.expect:
            return False
        return not self.case.who or self.answer.places[0].statement.speaker == self.case.who


def cases() -> list[Case]:
    """All cases."""
    lines = (_FOLDER / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [Case(**json.loads(line)) for line in lines]


def write_archive(path: Path) -> None:
    """Writes the statements as `quoth bulk` would."""
    schema = parquet_schema(Rows.STATEMENTS)
    with pq.ParquetWriter(path, schema, compression="zstd") as writer:
        writer.write_table(table_of(list(_rows(schema)), schema))


def _rows(schema: pa.Schema) -> Iterator[dict[str, Any]]:
    lines = (_FOLDER / "statements.jsonl").read_text(encoding="utf-8").splitlines()
    articles: dict[str, int] = {}
    for line in lines:
        given = json.loads(line)
        yield dict.fromkeys(schema.names) | {
            "position": articles.setdefault(given["article"], len(articles)),
            "article_id": given["article"],
            "statement_id": given["statement"],
            "kind": given["kind"],
            "content": given["content"],
            "content_spans": [{"start": start, "end": end} for start, end in given["spans"]],
            "quoted_spans": [{"start": start, "end": end} for start, end in given["quoted"]],
            "speaker": given["speaker"],
            "speaker_type": given["speaker_type"],
        }


def judged() -> list[Judged]:
    """All cases with their answers."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "statements.parquet"
        write_archive(path)
        view = Archive(path).view
        return [
            Judged(case, in_archive(view, Quotation(case.quotation), case.speaker))
            for case in cases()
        ]


def table(every: Sequence[Judged]) -> str:
    """How many are right, those held out first, as Markdown."""
    lines = [
        "| expected outcome | held out | right | all | right |",
        "| --- | --- | --- | --- | --- |",
    ]
    outcomes = list(dict.fromkeys(each.case.expect for each in every))
    for outcome in [*outcomes, ""]:
        wanted = [each for each in every if outcome in ("", each.case.expect)]
        held = [each for each in wanted if each.case.held_out]
        name = outcome or "**all**"
        lines.append(
            f"| {name} | {len(held)} | {_share(held)} | {len(wanted)} | {_share(wanted)} |"
        )
    return "\n".join(lines)


def _share(every: Sequence[Judged]) -> str:
    right = Counter(each.right for each in every)[True]
    return f"{100 * right / len(every):.1f} %" if every else ""
