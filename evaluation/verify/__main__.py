"""Prints how many cases are verified right, and with `--wrong` each that is not."""

from __future__ import annotations

import sys

from evaluation.verify import judged, table


def main() -> int:
    """Prints the table."""
    every = judged()
    print(table(every))
    for each in every:
        # What is held out is counted and not looked at.
        if "--wrong" in sys.argv and not each.right and not each.case.held_out:
            best = each.answer.places[0] if each.answer.places else None
            print(f"\n{each.case.id} ({each.case.made}): {each.case.quotation!r}")
            print(f"  {each.case.speaker!r}: {each.case.expect}, not {each.answer.outcome.name}")
            if best:
                print(f"  {best.statement.speaker}: {best.statement.content!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
