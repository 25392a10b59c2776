"""What kind of source a speaker is: named or not, a person or a body, and in which role."""

from __future__ import annotations

from quoth_cli.table.heads import head_of

__all__ = ["label_of"]

_NAMED = {
    "person": "people",
    "organization": "organizations",
    "place": "places, for their governments",
}
_UNNAMED = {"unnamed": "people", "group": "groups"}


def label_of(type_: str, role: str, speaker: str = "") -> tuple[str, str, str]:
    """Three steps from the whole to the part; empty where there is no further one.

    Args:
        type_: The type of the speaker, such as `person`; empty where nobody is known.
        role: The role at this statement; empty without one.
        speaker: What a source without a name is called, such as *two officials*.
    """
    if type_ in _NAMED:
        return "named", _NAMED[type_], _role_of(role) if type_ == "person" else ""
    if type_ in _UNNAMED:
        return "not named", _UNNAMED[type_], head_of(speaker)
    return ("documents" if type_ == "document" else "not known"), "", ""


def _role_of(role: str) -> str:
    return head_of(role) or ("described in other words" if role else "without a role")
