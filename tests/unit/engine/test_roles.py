"""Roles: where they stand, what they are held at, whether they are held, and which one holds."""

from __future__ import annotations

import pytest

from quoth_server.engine.types import RoleStatus

from .marked import read

READS = pytest.mark.xfail(strict=True, reason="the article network errs")
CURRENT, FORMER = RoleStatus.CURRENT, RoleStatus.FORMER
ACTING, PROSPECTIVE = RoleStatus.ACTING, RoleStatus.PROSPECTIVE


def found(text: str) -> list[tuple[str, str, RoleStatus]]:
    marked = read(text)
    (speaker,) = marked.cast().speakers
    return [(r.span.of(marked.body), r.organization, r.status) for r in speaker.roles]


@pytest.mark.parametrize(
    ("source", "role", "organization"),
    [
        # Before the name.
        ("Foreign Ministry spokesman Karl Lund", "Foreign Ministry spokesman", "Foreign Ministry"),
        ("Rep. Ana Ruiz", "Rep.", ""),
        ("Harbour board chairman Rep. Karl Lund", "Harbour board chairman", "Harbour board"),
        ("Norwegian Prime Minister Karl Lund", "Norwegian Prime Minister", ""),
        ("his lawyer Ana Ruiz", "lawyer", ""),
        ("PM Ana Ruiz", "PM", ""),
        ("Danish PM Ana Ruiz", "Danish PM", ""),
        ("former DA Ana Ruiz", "former DA", ""),
        # After a dateline.
        ("OSLO - Foreign Ministry spokesman Karl Lund", "Foreign Ministry spokesman",
         "Foreign Ministry"),
        # After the name.
        ("Ana Ruiz, a spokeswoman for the ministry,", "spokeswoman for the ministry", "ministry"),
        ("Ana Ruiz, director of the harbour school,", "director of the harbour school",
         "harbour school"),
        ("Ana Ruiz, 34, a nurse,", "nurse", ""),
        ("Ana Ruiz, the port’s chief engineer,", "port’s chief engineer", "port"),
        ("Ana Ruiz, head of the UN’s refugee agency in Sudan,",
         "head of the UN’s refugee agency in Sudan", "UN’s refugee agency in Sudan"),
        ("Ana Ruiz, a doctor and spokeswoman for the clinic,",
         "doctor and spokeswoman for the clinic", "clinic"),
        ("Ana Ruiz, M.D., Ph.D., director of the clinic,", "director of the clinic", "clinic"),
        ("Ana Ruiz, PhD, a professor of medicine,", "professor of medicine", ""),
        ("Ana Ruiz, MP, chair of the committee,", "chair of the committee", "committee"),
        # Before, set apart.
        ("The ministry’s spokesman, Karl Lund,", "ministry’s spokesman", "ministry"),
        # Of a body.
        ("Baltic Steel, the yard’s new owner,", "yard’s new owner", ""),
        # Relative clauses.
        ("Ana Ruiz, who chairs the council,", "chairs the council", ""),
        ("Ana Ruiz, who is the mayor of Leeds,", "mayor of Leeds", "Leeds"),
    ],
)  # fmt: skip
def test_beside_the_name(source: str, role: str, organization: str) -> None:
    first = found(f"(({source})) <<said>> [[it rained]].")[0]
    assert first[:2] == (role, organization)


@pytest.mark.parametrize(
    "source",
    [
        "Ana Ruiz, 34, of Leeds,",
        "Ana Ruiz (D-Ohio)",
        "Ana Ruiz, a Democrat,",
        "Ana Ruiz, Ph.D.,",
        "Mr. Lund",
        "Ana Ruiz of Leeds",
        "Ana Ruiz, who was tired,",
        pytest.param("Ana Ruiz, a longtime critic of the plan,", marks=READS),
        pytest.param("Ana Ruiz, the daughter of a baker,", marks=READS),
        "Ana Ruiz, who is no beginner,",
        "AG Sulzberger",  # initials
        pytest.param("Officials", marks=READS),
        pytest.param("Two men", marks=READS),
        "France",
    ],
)
def test_phrases_that_are_not_roles(source: str) -> None:
    assert found(f"(({source})) <<said>> [[it rained]].") == []


@pytest.mark.parametrize(
    ("source", "status"),
    [
        ("Former president Karl Lund", FORMER),
        ("former Labour leader Ana Ruiz", FORMER),
        ("Acting director Karl Lund", ACTING),
        ("interim manager Ana Ruiz", ACTING),
        ("President-elect Karl Lund", PROSPECTIVE),
        ("Ana Ruiz, the nominee for governor,", PROSPECTIVE),
        ("Mayor Karl Lund", CURRENT),
    ],
)
def test_status(source: str, status: RoleStatus) -> None:
    assert found(f"(({source})) <<said>> [[it rained]].")[0][2] is status


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("Ana Ruiz is the council chair.\n((Ruiz)) <<said>> [[it rained]].", "council chair"),
        ("Ana Ruiz was named director of the port.\n((Ruiz)) <<said>> [[it rained]].",
         "director of the port"),
        ("((Ruiz)) <<said>> [[it rained]].\nAna Ruiz is the mayor of Leeds.", "mayor of Leeds"),
        ("((Federal prosecutors)) <<said>> [[it rained]].", "Federal prosecutors"),
        ("((A senior official at the port)) <<said>> [[it rained]].",
         "senior official at the port"),
    ],
)  # fmt: skip
def test_elsewhere_and_descriptions(text: str, role: str) -> None:
    assert [r for r, _, _ in found(text)] == [role]


def test_a_description_in_passing_does_not_outrank_a_title() -> None:
    marked = read(
        "Prime Minister Karl Lund came on Monday. The visiting minister left early.\n"
        "((Lund)) <<said>> [[it rained]]."
    )
    (mention,) = marked.cast().mentions
    assert mention is not None
    assert mention.role is not None
    assert mention.role.span.of(marked.body) == "Prime Minister"


def test_a_denied_role_is_none() -> None:
    assert found("Ana Ruiz is not the mayor.\n((Ruiz)) <<said>> [[it rained]].") == []


def test_each_mention_gets_its_role() -> None:
    marked = read(
        "((Mayor Ana Ruiz)) <<said>> [[it rained]].\n((Ruiz)) <<said>> [[it poured]].\n"
        "((Karl Lund)) <<said>> [[no]]."
    )
    mentions = marked.cast().mentions
    spans = [m.role.span.of(marked.body) if m and m.role else None for m in mentions]
    assert spans == ["Mayor", "Mayor", None]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        pytest.param("((Yemen's Minister of Information Moammar al-Eryani)) <<said>> "
                     "[[it rained]].", "Yemen's Minister of Information", marks=READS),
        ("((President of Kenya Daniel Otieno)) <<announced>> [[a plan]].", "President of Kenya"),
        # Another's name is a part of it.
        ("((Karl Lund, a lawyer for Ana Ruiz,)) <<said>> [[it rained]].", "lawyer for Ana Ruiz"),
    ],
)  # fmt: skip
def test_a_role_is_without_its_holders_name(text: str, role: str) -> None:
    marked = read(text)
    (mention,) = marked.cast().mentions
    assert mention
    assert mention.role
    assert mention.role.span.of(marked.body) == role
