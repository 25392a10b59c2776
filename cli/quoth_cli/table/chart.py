"""Counts as a chart: a bar for each speaker or role, and a time line of years or months.

matplotlib (the extra `search`) is imported only where a chart is drawn.
"""

from __future__ import annotations

import textwrap
import unicodedata
import warnings
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from quoth_cli.table.counts import By, Count, Counts

__all__ = ["SUFFIXES", "draw"]

SUFFIXES = (".png", ".svg")
"""What the name of a chart may end in."""

_MARGIN = 0.15  # inches, so that neither the title nor a name touches the edge
_COLOR = "#3b6ea5"
_QUIET = "#666666"
_LABEL = 36  # characters a line
_LINES = 2
_INCHES_A_BAR = 0.42
_TICKS = 24
_MOST_COLUMNS = 2400  # two hundred years of months; a line with more is unreadable


def draw(path: Path, counted: Counts, title: str) -> str:
    """Draws counts into a PNG or SVG file: bars, the first at the top, or a time line.

    The same counts make the same SVG, whose names are text: they can be searched, and whoever
    shows it brings the letters. For PNG every font of this machine is tried.

    Args:
        path: The file; its suffix says which.
        counted: What to draw. Years and months are a time line, with those that have nothing;
            what has no date is not on it. Of words if they were counted, else of statements.
        title: What stands above them.

    Returns:
        The letters that no font here has, which a PNG shows as boxes; empty for SVG.

    Raises:
        ValueError: The suffix is not of `SUFFIXES`.
        OSError: The file cannot be written.
        ModuleNotFoundError: matplotlib is not installed.
    """
    kind = path.suffix.lower()
    if kind not in SUFFIXES:
        raise ValueError(f"{path}: a chart is {' or '.join(SUFFIXES)}; give it such a name")
    import matplotlib as mpl
    from matplotlib.figure import Figure

    over_time = counted.by in (By.YEAR, By.MONTH)
    rows = _line_of(counted) if over_time else list(counted.rows)
    labels = [each.name or "" if over_time else _label(each) for each in rows]
    families, lacking = _families("".join(labels) + title)
    with (
        mpl.rc_context(
            {
                "font.family": families,
                "svg.fonttype": "none",
                "svg.hashsalt": "quoth",
                # Names are not formulas, whatever signs they have.
                "text.parse_math": False,
            }
        ),
        warnings.catch_warnings(),
    ):
        # What is lacking is returned; in SVG nothing is.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        height = 4.0 if over_time else 1.1 + _INCHES_A_BAR * max(len(rows), 1)
        figure = Figure(figsize=(8, height), dpi=150)
        figure.set_layout_engine("constrained", w_pad=_MARGIN, h_pad=_MARGIN)
        axes = figure.add_subplot()
        amounts = [each.statements if counted.words is None else each.words or 0 for each in rows]
        measure = "statements" if counted.words is None else "words"
        (_columns if over_time else _bars)(axes, labels, amounts, measure)
        axes.set_title(title, loc="left", fontweight="bold", pad=10)
        figure.savefig(path, format=kind[1:], metadata={"Date": None} if kind == ".svg" else None)
    return "" if kind == ".svg" else lacking


def _bars(axes: Any, labels: Sequence[str], amounts: Sequence[int], measure: str) -> None:
    places = range(len(amounts))
    axes.barh(places, amounts, height=0.68, color=_COLOR)
    axes.set_ylim(len(amounts) - 0.5, -0.5)
    axes.set_xlim(0, max(amounts, default=1) * 1.12)
    axes.set_yticks(places, labels)
    for place, amount in zip(places, amounts, strict=True):
        axes.annotate(
            f"{amount:,}", (amount, place), (4, 0), textcoords="offset points", va="center"
        )
    axes.set_xlabel(measure, color=_QUIET, loc="left")
    axes.set_xticks([])
    axes.tick_params(left=False)
    axes.spines[:].set_visible(False)


def _columns(axes: Any, labels: Sequence[str], amounts: Sequence[int], measure: str) -> None:
    """A time line: a column for each year or month."""
    from matplotlib.ticker import MaxNLocator

    axes.bar(range(len(amounts)), amounts, width=0.86, color=_COLOR)
    step = -(-len(labels) // _TICKS) or 1
    ticks = range(0, len(labels), step)
    axes.set_xticks(ticks, [labels[each] for each in ticks], rotation=45, ha="right")
    axes.set_ylabel(measure, color=_QUIET)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True, steps=[1, 2, 5, 10]))
    axes.grid(axis="y", color="#dddddd", linewidth=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(left=False)
    axes.spines[["top", "right", "left"]].set_visible(False)


def _line_of(counted: Counts) -> list[Count]:
    """Years or months from the first to the last, those without a statement too."""
    known = {each.name: each for each in counted.rows if each.name}
    if not known:
        return []
    steps = 12 if counted.by is By.MONTH else 1
    first, last = (_place(each, steps) for each in (min(known), max(known)))
    places = range(first, min(last + 1, first + _MOST_COLUMNS))
    names = [
        f"{place // 12:04}-{place % 12 + 1:02}" if steps > 1 else f"{place:04}" for place in places
    ]
    nothing = Count(None, None, 0, 0, 0.0, 0)
    return [known.get(name) or replace(nothing, name=name) for name in names]


def _place(name: str, steps: int) -> int:
    """The number of a year, or of a month counted on over the years."""
    year, _, month = name.partition("-")
    return int(year) * steps + (int(month) - 1 if month else 0)


def _label(count: Count) -> str:
    """A name in at most `_LINES` lines."""
    name = "  " * count.level + (count.name or "not known")
    shown = "".join(" " if unicodedata.category(each) in ("Cc", "Cs") else each for each in name)
    return "\n".join(textwrap.wrap(shown, _LABEL, max_lines=_LINES, placeholder=" …")) or "?"


def _families(text: str) -> tuple[list[str], str]:
    """Font families that together have the letters of a text, and the letters that none has."""
    from matplotlib import font_manager

    lacking = {each for each in text if not each.isspace()}
    families: list[str] = []
    usual = font_manager.findfont("DejaVu Sans")
    fonts = {font.fname: font.name for font in font_manager.fontManager.ttflist}
    for file in [usual, *sorted(fonts, key=lambda each: (fonts[each], each))]:
        if not lacking:
            break
        # Bold and italic ones of a family have the same letters; the font of last resort has a box
        # for each.
        name = fonts.get(file, "DejaVu Sans")
        if name in families or name.startswith("Last Resort"):
            continue
        try:
            font = font_manager.get_font(file)
        except (OSError, RuntimeError):  # a font of the machine that is broken
            continue
        found = {each for each in lacking if font.get_char_index(ord(each))}
        if found or not families:
            families.append(name)
            lacking -= found
    return families or ["DejaVu Sans"], "".join(sorted(lacking))
