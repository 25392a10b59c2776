"""Prints how many cases are verified right, and with `--wrong` each that is not."""

from __future__ import annotations

import sys

from evaluation.verify import Judged, judged, table


def main() -> int:
    """Prints the table."""
    every = judged()
    sys.stdout.write(table(every) + "\n")
    if "--wrong" in sys.argv:
        # What is held out is counted and not looked at.
        wrong = (each for each in every if not each.right and not each.case.held_out)
        sys.stdout.writelines(map(_told, wrong))
    return 0


def _told(wrong: Judged) -> str:
    case = wrong.case
    lines = [
        f"\n{case.id} ({case.made}): {case.quotation!r}",
        f"  {case.speaker!r}: {case.expect}, not {wrong.answer.outcome.name}",
    ]
    if wrong.answer.places:
        best = wrong.answer.places[0].statement
        lines.append(f"  {best.speaker}: {best.content!r}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
