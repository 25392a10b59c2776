"""Who speaks how much, as a chart: a bar for each speaker.

matplotlib (the extra `search`) is imported only where a chart is drawn.
"""

from __future__ import annotations

import textwrap
import unicodedata
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from quoth_cli.table.counts import By, Count

__all__ = ["SUFFIXES", "draw"]

SUFFIXES = (".png", ".svg")
"""What the name of a chart may end in."""

_COLOR = "#3b6ea5"
_QUIET = "#666666"
_LABEL = 36  # characters a line
_LINES = 2
_INCHES_A_BAR = 0.42


def draw(path: Path, speakers: Sequence[Count], by: By, title: str) -> str:
    """Draws speakers as horizontal bars, the first at the top, into a PNG or SVG file.

    The same counts make the same SVG, whose names are text: they can be searched, and whoever
    shows it brings the letters. For PNG every font of this machine is tried.

    Args:
        path: The file; its suffix says which.
        speakers: What to draw, in order.
        by: What the bars are as long as.
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

    labels = [_label(speaker.name or "") for speaker in speakers]
    families, lacking = _families("".join(labels) + title)
    with (
        mpl.rc_context(
            {
                "font.family": families,
                "svg.fonttype": "none",
                "svg.hashsalt": "quoth",
                # Names are no formulas, whatever signs they have.
                "text.parse_math": False,
            }
        ),
        warnings.catch_warnings(),
    ):
        # What is lacking is returned; in SVG nothing is.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        figure = Figure(figsize=(8, 1.1 + _INCHES_A_BAR * max(len(speakers), 1)), dpi=150)
        figure.set_layout_engine("constrained")
        _bars(figure.add_subplot(), labels, speakers, by, title)
        figure.savefig(path, format=kind[1:], metadata={"Date": None} if kind == ".svg" else None)
    return "" if kind == ".svg" else lacking


def _bars(axes: Any, labels: Sequence[str], speakers: Sequence[Count], by: By, title: str) -> None:
    amounts = [_amount(speaker, by) for speaker in speakers]
    places = range(len(speakers))
    axes.barh(places, amounts, height=0.68, color=_COLOR)
    axes.set_ylim(len(speakers) - 0.5, -0.5)
    axes.set_xlim(0, max(amounts, default=1) * 1.12)
    axes.set_yticks(places, labels)
    for place, amount in zip(places, amounts, strict=True):
        axes.annotate(
            f"{amount:,}", (amount, place), (4, 0), textcoords="offset points", va="center"
        )
    axes.set_title(title, loc="left", fontweight="bold", pad=10)
    axes.set_xlabel(str(by), color=_QUIET, loc="left")
    axes.set_xticks([])
    axes.tick_params(left=False)
    axes.spines[:].set_visible(False)


def _amount(speaker: Count, by: By) -> int:
    return (speaker.words or 0) if by is By.WORDS else speaker.statements


def _label(name: str) -> str:
    """A name in at most `_LINES` lines."""
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
