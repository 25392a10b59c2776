"""The head of a role or of a description: “the Canadian prime minister” is a prime minister."""

from __future__ import annotations

import re

__all__ = ["head_of"]

# What comes behind these tells of whom or where, or is a second role. Not within hyphens: an
# editor-in-chief is one word.
_END = re.compile(
    r"[,;:(/]|\s[-–—]\s|\s&\s|(?<![\w-])(?:"
    r"of|for|at|in|on|with|to|from|by|under|within|during|who|whom|whose|which|that|and|or|as|"
    r"about|against|near|off|over|outside|inside|behind|before|after|until|since|between|among|"
    r"across|without|when|where|because|here|there|abroad"
    r")(?![\w-])",
    re.IGNORECASE,
)
# Participles and adjectives behind their noun: “people briefed on it”, “a man holding a baby”.
_BEHIND_NOUN = re.compile(
    r"\s(?:close|familiar|aware|present|known|next|[^\W\d_]+ed)\s+"
    r"(?=(?:to|with|of|at|in|on|by|from|for|as|about|outside|near)\b)"
    r"|\s(?:representing|[^\W\d_]{3,}ing\s+"
    r"(?=(?:the|an?|his|her|its|their|to|for|in|on|at|with|from|outside)\b))",
    re.IGNORECASE,
)
# “About 120 farmers”, “outside researchers”: what they tell stands behind these.
_ROUGHLY = re.compile(
    r"(?:at least|at most|up to|about|nearly|outside|inside|over|under|near)\s+", re.IGNORECASE
)
_DETERMINERS = frozenset({"the", "a", "an", "his", "her", "its", "their", "our", "my", "both"})
# “Runs a bakery” and “has led it since 1993” say what somebody does: no word names it.
_VERBS = frozenset(
    (
        *("has", "had", "have", "is", "was", "were", "will", "would"),
        *("edits", "farms", "flies", "grows", "held", "leads", "led", "lives", "made", "makes"),
        *("owns", "presides", "ran", "run", "runs", "sells", "serves", "sold", "taught", "teaches"),
        *("took", "works", "wrote"),
    )
)
_QUANTITIES = frozenset(
    (
        *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "dozen"),
        *("dozens", "hundreds", "thousands", "some", "several", "many", "most", "all", "half"),
        *("number", "percent", "majority", "each", "none", "both"),
    )
)
_PRONOUNS = frozenset({"them", "those", "us"})
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
# Titles before names, as papers write them.
_SHORT = {
    "adm": "admiral",
    "asst": "assistant",
    "atty": "attorney",
    "capt": "captain",
    "cmdr": "commander",
    "col": "colonel",
    "gen": "general",
    "gov": "governor",
    "lt": "lieutenant",
    "maj": "major",
    "prof": "professor",
    "rep": "representative",
    "sen": "senator",
    "sgt": "sergeant",
    "supt": "superintendent",
}
# Adjectives that stand behind their noun, and what is said of a role not held yet or any more.
_BEHIND = frozenset({"general", "emeritus", "emerita", "designate", "elect", "royal", "major"})
# Heads that say little without the word before them, and the words with which they are one office.
_WEAK = frozenset(
    (
        *("minister", "president", "executive", "officer", "director", "secretary", "chief"),
        *("leader", "editor", "attorney", "governor", "commissioner", "general", "inspector"),
    )
)
_BEFORE_WEAK = frozenset(
    (
        *("prime", "vice", "deputy", "assistant", "associate", "chief", "foreign", "interior"),
        *("finance", "defense", "defence", "justice", "health", "managing", "executive"),
        *("attorney", "police", "press", "lieutenant"),
    )
)
_LONGEST = 300  # characters that are looked at; a head comes early
_STATUS = re.compile(r"-(?:elect|designate|turned)$")


def head_of(text: str) -> str:
    """The head of a role in lower case, by which roles are grouped; empty if no noun names it.

    It is the last word before what tells of whom or where (“head of the agency”), with the word
    before it where the two are one office (“prime minister”, “attorney general”). What says what
    somebody does or belongs to (“who backs Lund”, “runs the bakery”, “of the board”) has none.
    """
    text = text.strip()[:_LONGEST]
    if roughly := _ROUGHLY.match(text):
        text = text[roughly.end() :]
    end = _END.search(text)
    found, rest = (text[: end.start()], text[end.end() :]) if end else (text, "")
    words = _words(found)
    if not words or words[0] in _VERBS or (end and len(words) == 1 and words[0].endswith("ed")):
        return ""
    if words[0] in _PRONOUNS:
        return "people"
    if any(word in _DETERMINERS for word in words[1:-1]) and words[0] not in _QUANTITIES:
        words = _words(_BEHIND_NOUN.split(text, maxsplit=1)[0])
        if not words or any(word in _DETERMINERS for word in words[1:-1]):
            return ""
    elif shorter := [
        each for each in _words(_BEHIND_NOUN.split(text, maxsplit=1)[0]) if each not in _DETERMINERS
    ]:
        words = min(words, shorter, key=len)
    if end and end.group().lower() == "of" and (words[-1] in _QUANTITIES or words[-1].isdigit()):
        return head_of(rest) or "people"
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if before and (len(last) == 1 or last.isdigit()):  # “Witness A”
        return before
    if before and (last in _BEHIND or (last in _WEAK and before in _BEFORE_WEAK)):
        return f"{before} {last}"
    return last


def _words(text: str) -> list[str]:
    words = (_STATUS.sub("", word.casefold()) for word in _WORD.findall(text))
    return [_SHORT.get(word, word) for word in words]
