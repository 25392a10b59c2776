"""Known speakers: who matches one, who only seems to, and what they contribute."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth_server.engine.known.fitting import Called, Fit, Table
from quoth_server.engine.speakers import names
from quoth_server.engine.types import KnownSpeaker, NoticeReason, SpeakerType
from tests.unit.engine.marked import read

pytestmark = pytest.mark.model

PERSON, ORGANIZATION = SpeakerType.PERSON, SpeakerType.ORGANIZATION


def known(
    key: str, name: str, *aliases: str, roles: tuple[str, ...] = (), kind: SpeakerType | None = None
) -> KnownSpeaker:
    return KnownSpeaker(key, name, aliases, roles, kind)


ELENA = known("elena", "Elena Vasquez", "Lena Vasquez", "LVZ", roles=("senator", "lawyer"))
MARCO = known("marco", "Marco Vasquez", roles=("mayor of Alder",))
KARL = known("karl", "Karl Halvorsen", roles=("finance minister",))
IDA = known("ida", "Ida Halvorsen", roles=("former finance minister", "governor"))
FOOD = known("food", "Food and Agriculture Organization", kind=ORGANIZATION)
FERRY = known("ferry", "Northern Ferry Company", "Norferry")
SENIOR = known("senior", "Karl Lund Sr.")
JUNIOR = known("junior", "Karl Lund Jr.")
HEALTH = known("health", "Ministry of Health", kind=ORGANIZATION)
OSLO = known("oslo", "University of Oslo")
LONDON = known("london", "Jack London", kind=PERSON)
YOUNG = known("young", "Ernst & Young")
CHAIR = known("chair", "Paula Jarvis", "harbor chair", "Jarvis-Holt")

GOLD: list[tuple[str, tuple[KnownSpeaker, ...], list[str]]] = [
    # ---- who matches ----
    ("((Elena Vasquez)) <<said>> [[it rained]].", (ELENA,), ["elena"]),
    ("((Elena Vasquez)) <<said>> [[it rained]].", (MARCO, ELENA), ["elena"]),
    ("((Lena Vasquez)) <<said>> [[it rained]].", (ELENA,), ["elena"]),
    ("((E. Vasquez)) <<said>> [[it rained]].", (ELENA,), ["elena"]),
    ("((Elena M. Vasquez)) <<said>> [[it rained]].", (ELENA,), ["elena"]),
    ("((Ms. Vasquez)) <<said>> [[it rained]].", (ELENA,), ["elena"]),
    ("((Senator Vasquez)) <<said>> [[it rained]].", (ELENA,), ["elena"]),
    ("((Sen. Elena Vasquez)) <<said>> [[it rained]].", (ELENA,), ["elena"]),
    ("Elena Vasquez came.\n((She)) <<said>> [[it rained]].", (ELENA,), ["elena"]),
    ("((Elena Vasquez)) <<said>> [[no]].\n((Vasquez)) <<said>> [[yes]].", (ELENA,),
     ["elena", "elena"]),
    ("((Lena Vasquez)) <<said>> [[no]].\n((Elena Vasquez)) <<said>> [[yes]].", (ELENA,),
     ["elena", "elena"]),
    ("((Elena Vasquez)) <<said>> [[no]].\n((Marco Vasquez)) <<said>> [[yes]].", (ELENA, MARCO),
     ["elena", "marco"]),
    ("((Ms. Vasquez)) <<said>> [[it rained]].", (ELENA, MARCO), ["elena"]),
    ("((Finance Minister Halvorsen)) <<said>> [[it rained]].", (KARL, IDA), ["karl"]),
    ("((Governor Halvorsen)) <<said>> [[it rained]].", (KARL, IDA), ["ida"]),
    ("((Former finance minister Ida Halvorsen)) <<said>> [[it rained]].", (KARL, IDA), ["ida"]),
    ("((The Food and Agriculture Organization)) <<said>> [[it rained]].", (FOOD,), ["food"]),
    ("((The FAO)) <<said>> [[it rained]].", (FOOD,), ["food"]),
    ("((The FAO)) <<said>> [[no]].\n((The Food and Agriculture Organization)) <<said>> [[yes]].",
     (FOOD,), ["food", "food"]),
    ("((Norferry)) <<said>> [[it rained]].", (FERRY,), ["ferry"]),
    ("((The Northern Ferry Company)) <<said>> [[no]].\n((Norferry)) <<said>> [[yes]].", (FERRY,),
     ["ferry", "ferry"]),
    ("((The Ministry of Health)) <<said>> [[it rained]].", (HEALTH, OSLO), ["health"]),
    ("((The University of Oslo)) <<said>> [[it rained]].", (OSLO,), ["oslo"]),
    ("((The harbor chair)) <<said>> [[it rained]].", (CHAIR,), ["chair"]),
    ("((Jarvis-Holt)) <<said>> [[no]].\n((Paula Jarvis)) <<said>> [[yes]].", (CHAIR,),
     ["chair", "chair"]),
    ("((Karl Lund Jr.)) <<said>> [[it rained]].", (SENIOR, JUNIOR), ["junior"]),
    # ---- who only seems to be one ----
    ("((Marco Vasquez)) <<said>> [[it rained]].", (ELENA,), [""]),
    ("((Mr. Vasquez)) <<said>> [[it rained]].", (ELENA,), [""]),
    ("((Marco Vasquez)) <<said>> [[no]].\n((Vasquez)) <<said>> [[yes]].", (ELENA,), ["", ""]),
    ("((Senator Vasquez)) <<said>> [[it rained]].", (ELENA, known("other", "Iris Vasquez")),
     ["elena"]),
    ("((Ms. Vasquez)) <<said>> [[it rained]].", (ELENA, known("other", "Iris Vasquez")), [""]),
    ("((Elena)) <<said>> [[it rained]].", (ELENA,), [""]),
    ("((Elena Marquez)) <<said>> [[it rained]].", (ELENA,), [""]),
    ("((A. Vasquez)) <<said>> [[it rained]].", (ELENA,), [""]),
    ("((Vasquez’s lawyer)) <<said>> [[it rained]].", (ELENA,), [""]),
    ("((Elena Vasquez’s spokesman)) <<said>> [[it rained]].", (ELENA,), [""]),
    ("((The Vasquez campaign)) <<said>> [[it rained]].", (ELENA,), [""]),
    ("((The senator)) <<said>> [[it rained]].", (ELENA,), [""]),
    ("((Elena Vasquez and Marco Vasquez)) <<said>> [[it rained]].", (ELENA, MARCO), [""]),
    ("((Mr. Halvorsen)) <<said>> [[it rained]].", (KARL, known("k2", "Knut Halvorsen")), [""]),
    ("((Karl Lund)) <<said>> [[it rained]].", (SENIOR, JUNIOR), [""]),
    ("((Karl Lund Sr.)) <<said>> [[it rained]].", (JUNIOR,), [""]),
    ("((Oslo)) <<said>> [[it rained]].", (OSLO,), [""]),
    ("((London)) <<said>> [[it would not vote]].", (LONDON,), [""]),
    ("((Ana Young)) <<said>> [[no]].\n((Young)) <<said>> [[yes]].", (YOUNG,), ["", ""]),
    ("((The Health Ministry of Latvia)) <<said>> [[it rained]].", (HEALTH,), [""]),
    ("((The Danish Ferry Company)) <<said>> [[it rained]].", (FERRY,), [""]),
    ("((Officials)) <<said>> [[it rained]].", (ELENA, FERRY), [""]),
    ("((The company)) <<said>> [[it rained]].", (FERRY,), [""]),
    ("((The bridge chair)) <<said>> [[it rained]].", (CHAIR,), [""]),
    ("((The FAO)) <<said>> [[it rained]].", (FOOD, known("f2", "Federation of Asian Orchards")),
     [""]),
    ("It <<is said>> [[that Elena Vasquez knew]].", (ELENA,), [""]),
]  # fmt: skip


@pytest.mark.parametrize(("text", "speakers", "ids"), GOLD)
def test_who_is_known(text: str, speakers: tuple[KnownSpeaker, ...], ids: list[str]) -> None:
    cast = read(text).cast(*speakers)
    by_id = {each.speaker_id: each.known_speaker_id for each in cast.speakers}
    assert [by_id.get(m.speaker_id, "") if m else "" for m in cast.mentions] == ids
    named = [each.known_speaker_id for each in cast.speakers if each.known_speaker_id]
    assert len(named) == len(set(named))
    called = {each.known_speaker_id: each.display_name for each in speakers}
    for each in cast.speakers:
        assert each.known_speaker_id == "" or each.display_name == called[each.known_speaker_id]


def test_without_known_speakers_all_stays_as_it_is() -> None:
    marked = read("((Elena Vasquez)) <<said>> [[no]].\n((Norferry)) <<said>> [[yes]].")
    before = marked.cast()
    assert marked.cast(known("x", "Nobody Here")) == before
    assert {each.known_speaker_id for each in before.speakers} == {""}


def test_what_the_text_leaves_apart_is_joined() -> None:
    marked = read("((Lena Vasquez)) <<said>> [[no]].\n((Elena Vasquez)) <<said>> [[yes]].")
    assert len(marked.cast().speakers) == 2
    cast = marked.cast(ELENA)
    (speaker,) = cast.speakers
    assert (speaker.display_name, speaker.known_speaker_id) == ("Elena Vasquez", "elena")
    assert [m.of(marked.body) for m in speaker.mentions] == ["Lena Vasquez", "Elena Vasquez"]
    assert {m.speaker_id for m in cast.mentions if m} == {speaker.speaker_id}


def test_what_the_text_joins_is_divided() -> None:
    first, second = known("w", "George W. Holt"), known("hw", "George H. W. Holt")
    marked = read(
        "((George H. W. Holt)) <<said>> [[no]].\n((George W. Holt)) <<said>> [[yes]].\n"
        "((Holt)) <<said>> [[it rained]]."
    )
    cast = marked.cast(first, second)
    by_id = {each.speaker_id: each.known_speaker_id for each in cast.speakers}
    assert [by_id.get(m.speaker_id, "") if m else "" for m in cast.mentions] == ["hw", "w", ""]
    assert NoticeReason.AMBIGUOUS_SPEAKER in {notice.reason for notice in cast.notices}
    for each in cast.speakers:
        assert all("Holt" in span.of(marked.body) for span in each.mentions)


@pytest.mark.parametrize(
    ("text", "role", "given"),
    [
        ("((Elena Vasquez)) <<said>> [[it rained]].", None, "senator"),
        ("((Elena Vasquez, a baker,)) <<said>> [[it rained]].", "baker", ""),
        ("((The mayor)) <<said>> [[it rained]].", "mayor", ""),
    ],
)
def test_a_role_is_the_callers_only_where_the_text_gives_none(
    text: str, role: str | None, given: str
) -> None:
    marked = read(text)
    (mention,) = marked.cast(ELENA).mentions
    assert mention is not None
    told = mention.role.span.of(marked.body) if mention.role else None
    assert (told, mention.known_role) == (role, given)


def test_a_kind_that_is_given_wins() -> None:
    text = "((Norferry)) <<said>> [[it rained]]."
    (speaker,) = read(text).cast(known("n", "Norferry", kind=SpeakerType.DOCUMENT)).speakers
    assert speaker.type is SpeakerType.DOCUMENT


def test_equals_are_noticed() -> None:
    text = "((Ms. Vasquez)) <<said>> [[it rained]]."
    notices = read(text).cast(ELENA, known("other", "Iris Vasquez")).notices
    assert [notice.reason for notice in notices] == [NoticeReason.AMBIGUOUS_KNOWN_SPEAKER]


@pytest.mark.parametrize(
    ("name", "speaker", "fit"),
    [
        ("Elena Vasquez", ELENA, Fit.WRITTEN),
        ("elena vasquez", ELENA, Fit.WRITTEN),
        ("Elena Rosa Vasquez", ELENA, Fit.ALIKE),
        ("Elena Rosa Vasquez", known("x", "Elena Maria Vasquez"), Fit.AGAINST),
        ("Elena R. Vasquez", known("x", "Elena Rosa Maria Vasquez"), Fit.ALIKE),
        ("Vasquez", ELENA, Fit.SHORT),
        ("Mr. Vasquez", ELENA, Fit.AGAINST),
        ("Elena", ELENA, Fit.POSSIBLE),
        ("Eva Vasquez", known("x", "Elena Vasquez", "Vasquez"), Fit.AGAINST),
        ("Vasquez", known("x", "Elena Vasquez", "Vasquez"), Fit.WRITTEN),
        ("Ali Okafor", ELENA, Fit.AGAINST),
        ("López Obrador", known("x", "Andrés Manuel López Obrador"), Fit.SHORT),
        ("Young", YOUNG, Fit.AGAINST),
    ],
)
def test_how_well_a_persons_name_fits(name: str, speaker: KnownSpeaker, fit: Fit) -> None:
    assert Table((speaker,)).fit(0, Called(name, names.parse(name))) is fit


@pytest.mark.parametrize(
    ("name", "speaker", "fit"),
    [
        ("Food and Agriculture Organization", FOOD, Fit.WRITTEN),
        ("F.A.O.", FOOD, Fit.SHORT),
        ("Food and Agriculture Organization", known("x", "FAO"), Fit.SHORT),
        ("AMP", known("x", "Ana Maria Perez"), Fit.AGAINST),
        ("Oslo", OSLO, Fit.POSSIBLE),
        ("Ferry Company", FERRY, Fit.SHORT),
        ("Great Northern Ferry Company", FERRY, Fit.POSSIBLE),
        ("Vasquez", ELENA, Fit.POSSIBLE),
    ],
)
def test_how_well_another_name_fits(name: str, speaker: KnownSpeaker, fit: Fit) -> None:
    assert Table((speaker,)).fit(0, Called(name)) is fit


def test_a_blank_name_fits_nobody() -> None:
    blank = KnownSpeaker("b", " ", ("",))
    assert read("((Elena Vasquez)) <<said>> [[no]].").cast(blank).speakers[0].known_speaker_id == ""


@settings(max_examples=25, deadline=None)
@given(
    st.text(alphabet="Ana Ruiz “”\"'\n.,he said", max_size=80),
    st.lists(st.text(alphabet="Ana Ruiz.,", max_size=12), min_size=1, max_size=4),
)
def test_any_text_and_any_names(body: str, called: list[str]) -> None:
    marked = read(body)
    cast = marked.cast(*(known(str(n), name, name[:3]) for n, name in enumerate(called)))
    assert len(cast.mentions) == len(marked.drafts)
    assert len(cast.phrases) == len(cast.speakers)
    ids = [each.speaker_id for each in cast.speakers]
    assert len(ids) == len(set(ids))
    assert {m.speaker_id for m in cast.mentions if m and m.speaker_id} == set(ids)
    named = [each.known_speaker_id for each in cast.speakers if each.known_speaker_id]
    assert len(named) == len(set(named))
