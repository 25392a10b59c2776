"""Words as people type them, as regular expressions that find them in texts.

Letter case, accents and the shape of quotation marks and dashes make no difference, and only whole
words are found. All other characters stand for themselves. The expressions are RE2's, which match
in time proportional to the text whatever they are; nothing is done to the texts, so that a million
are searched as fast as they are read.
"""

from __future__ import annotations

import functools
import re
import unicodedata

__all__ = ["phrase", "words"]

_WORD = r"\pL\pN\pM"
_START = f"(?:^|[^{_WORD}])"
_END = f"(?:[^{_WORD}]|$)"
_BLANKS = r"[\s\pZ]+"
# Accents, and the points of Hebrew and Arabic, where they stand behind their letter.
_MARKS = r"[\x{300}-\x{36f}\x{591}-\x{5c7}\x{64b}-\x{65f}\x{670}]*"
_IS_MARK = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]*")

# Latin, Greek and Cyrillic: the blocks with letters that have accents or are written together.
_ACCENTED = (range(0xC0, 0x530), range(0x1E00, 0x2000), range(0xFB00, 0xFB07))

# Letters that Unicode does not take apart, and how they are written without them.
_PLAIN = {
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ŋ": "n", "þ": "th",
    "æ": "ae", "œ": "oe",
}  # fmt: skip

# Characters that are one and the same on a keyboard.
_ALIKE = ("'’‘ʼʹ`´", '"“”„«»', "-‐‑‒–—")


def phrase(text: str) -> str:
    """A regular expression for the words of a text, one after the other.

    A word that ends in a letter and `*` is the beginning of a word.

    Raises:
        ValueError: There is no word.
    """
    parts = text.split()
    if not parts:
        raise ValueError("no word")
    return _bounded(parts)


def words(text: str) -> list[str]:
    """A regular expression for each word of a text, which then may come in any order.

    Raises:
        ValueError: There is no word.
    """
    parts = text.split()
    if not parts:
        raise ValueError("no word")
    return [_bounded([part]) for part in parts]


def _bounded(parts: list[str]) -> str:
    first, last = parts[0], parts[-1]
    start = _START if _is_of_word(first[0]) else ""
    end = _END if _is_of_word(last[-1]) else ""
    return "(?i)" + start + _BLANKS.join(map(_pattern, parts)) + end


def _is_of_word(character: str) -> bool:
    return unicodedata.category(character)[0] in "LNM"


def _pattern(word: str) -> str:
    """A pattern of a word, without its bounds."""
    if len(word) > 1 and word.endswith("*") and _is_of_word(word[-2]):
        return _pattern(word[:-1]) + f"[{_WORD}]*"
    single, several = _variants()
    plain = "".join(map(_plain, unicodedata.normalize("NFC", word))) or word
    parts = []
    at = 0
    while at < len(plain):
        group = next((each for each in several if plain.startswith(each, at)), "")
        if group:
            spelled = "".join(_letter(character, single) for character in group)
            parts.append(f"(?:{spelled}|[{several[group]}])")
        else:
            parts.append(_letter(plain[at], single))
        at += len(group) or 1
    pattern = "".join(parts)
    # What Unicode writes in several ways is found as it is given, too.
    return pattern if word.isascii() else f"(?:{pattern}|{''.join(map(_escaped, word))})"


def _letter(character: str, variants: dict[str, str]) -> str:
    """A pattern of one character in every shape."""
    shapes = variants.get(character, character)
    pattern = "[" + "".join(map(_escaped, shapes)) + "]" if len(shapes) > 1 else _escaped(shapes)
    return pattern + _MARKS


def _escaped(character: str) -> str:
    return f"\\x{{{ord(character):x}}}" if not character.isalnum() else character


def _plain(character: str) -> str:
    """A letter in lower case without its accents; any other character as it is."""
    apart = unicodedata.normalize("NFD", character)
    if _IS_MARK.fullmatch(apart[1:]):
        character = apart[0]
    if _IS_MARK.fullmatch(character):
        return ""
    folded = character.casefold()
    if folded != character and len(folded) > 1:
        folded = "".join(map(_plain, unicodedata.normalize("NFC", folded)))
    return _PLAIN.get(folded, folded)


@functools.cache
def _variants() -> tuple[dict[str, str], dict[str, str]]:
    """The shapes of each character that has several, and those of groups such as "ss"."""
    single: dict[str, str] = {}
    several: dict[str, str] = {}
    for character in (chr(code) for block in _ACCENTED for code in block):
        plain = _plain(character)
        if plain and plain != character:
            found = single if len(plain) == 1 else several
            found[plain] = found.get(plain, plain if len(plain) == 1 else "") + character
    for alike in _ALIKE:
        single.update(dict.fromkeys(alike, alike))
    return single, dict(sorted(several.items(), key=lambda item: -len(item[0])))
