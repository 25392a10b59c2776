"""`python -m evaluation.acts`: the figures, and what is wrong."""

from __future__ import annotations

import sys

from evaluation.acts.score import score

for name, figures in zip(("who did not answer", "sources without a name"), score(), strict=True):
    sys.stdout.write(
        f"{name}: precision {figures.precision:.1%}, recall {figures.recall:.1%}, "
        f"right in all {figures.right} of {figures.found} found\n"
    )
    sys.stdout.writelines(f"  {error}\n" for error in figures.errors)
