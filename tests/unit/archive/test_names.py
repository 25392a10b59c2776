"""Whether a statement is by the speaker that somebody asks about."""

from __future__ import annotations

import pytest

from quoth_server.archive.names import Agreement, agreement
from quoth_server.archive.statement import Statement


@pytest.mark.parametrize(
    ("asked", "speaker", "kind", "expected"),
    [
        ("Maria Lopez", "Maria Lopez", "person", "same"),
        ("MARIA LOPEZ", "María López", "person", "same"),
        ("Lopez", "Maria Lopez", "person", "same"),
        ("Maria Lopez", "Lopez", "person", "same"),
        ("M. Lopez", "Maria Lopez", "person", "same"),
        ("Mayor Maria Lopez", "Maria Lopez", "person", "same"),
        ("Dr. Lopez", "Maria Lopez", "person", "same"),
        ("the prime minister Lopez", "Maria Lopez", "person", "same"),
        ("Maria Elena Lopez", "Maria Lopez", "person", "same"),
        ("Maria E. Lopez", "Maria Elena Lopez", "person", "same"),
        ("John Reed Jr.", "John Reed", "person", "same"),
        ("Clarke-Obi", "Adaeze Clarke-Obi", "person", "same"),
        ("Arana", "Luis Arana Peña", "person", "same"),
        ("Ana Lopez", "Maria Lopez", "person", "other"),
        ("A. Lopez", "Maria Lopez", "person", "other"),
        ("Elena Lopez", "Maria Elena Lopez", "person", "other"),
        ("Lopez", "Maria Lopes", "person", "other"),
        ("Maria", "Maria Lopez", "person", "other"),
        ("Obi", "Adaeze Clarke-Obi", "person", "other"),
        ("the Foreign Ministry", "Foreign Ministry", "organization", "same"),
        ("Ministry", "Foreign Ministry", "organization", "other"),
        ("Lopez", "a spokesman for Lopez", "unnamed", "other"),
        ("Lopez", "critics of Maria Lopez", "group", "other"),
        ("officials", "Officials", "group", "same"),
        ("Lopez", None, None, "unknown"),
        ("", "Maria Lopez", "person", "none"),
        ("…", "Maria Lopez", "person", "none"),
    ],
)
def test_names_agree_if_nothing_contradicts(asked, speaker, kind, expected):
    statement = Statement(speaker=speaker, speaker_type=kind)
    assert agreement(asked, statement) is Agreement(expected)
