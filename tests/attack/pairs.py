"""R3: pairs of runs that begin at once on one output; as JSON, what became of them.

    python -m tests.attack.pairs 1000

Each run is a process that opens an output as `quoth bulk` does and writes some rows. This program
is one of its own because it forks, which one that has called a server must not.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import NoReturn

from quoth_cli.bulk.journal import ledger_path
from quoth_cli.bulk.output import LedgerError, Output

_ROWS = 20
_PAUSE = 0.0002  # seconds a row


def _write(path: Path, gate: int, writer: int) -> NoReturn:
    os.read(gate, 1)
    code = 9
    try:
        with Output(path, {"input": "in"}) as output:
            for position in range(_ROWS):
                if not output.progress.is_done(position):
                    output.put(position, b'{"position": %d, "of": %d}\n' % (position, writer))
                    time.sleep(_PAUSE)
            output.finish()
        code = 0
    except LedgerError:
        code = 2
    finally:
        os._exit(code)


def _pair(path: Path) -> str:
    """What became of one pair: `one`, `both` (one after the other), `ruined` or `failed`."""
    reading, writing = os.pipe()
    children = []
    for writer in (1, 2):
        child = os.fork()
        if not child:
            _write(path, reading, writer)
        children.append(child)
    os.write(writing, b"xx")
    os.close(reading)
    os.close(writing)
    codes = sorted(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children)
    if not _is_whole(path):
        return "ruined"
    return {(0, 0): "both", (0, 2): "one"}.get((codes[0], codes[1]), "failed")


def _is_whole(path: Path) -> bool:
    try:
        rows = [json.loads(line) for line in path.read_text().splitlines()]
        ledger = ledger_path(path).read_text().splitlines()
    except (OSError, ValueError):
        return False
    return (
        [row["position"] for row in rows] == list(range(_ROWS))
        and len({row["of"] for row in rows}) == 1
        and len(ledger) == _ROWS + 2
        and ledger[-1] == "E"
    )


def main() -> None:
    """Runs the pairs of the command line."""
    found: Counter[str] = Counter()
    for _ in range(int(sys.argv[1])):
        with tempfile.TemporaryDirectory() as folder:
            found[_pair(Path(folder) / "out.jsonl")] += 1
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
