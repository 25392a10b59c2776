"""What each corpus teaches, on records of its form with words of our own."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
from training import corpora
from training.data import IGNORE, UNKNOWN, Example
from training.examples import mixed
from training.heads import CLASSES
from training.parses import Parse, head_words

from quoth_server.engine.attributions import encoder
from quoth_server.engine.attributions.decoding import TAGS
from quoth_server.engine.attributions.model import DIRECTORY, TOKENIZER
from quoth_server.engine.types import Span

TOKENIZERS = encoder.load_tokenizer(str(DIRECTORY / TOKENIZER))

LETTERS = dict(zip(TAGS, "OSsCcQq", strict=True)) | {"?": "?"}


def shown(example: Example) -> str:
    """One letter a word, as in the tests of decoding; `?` where nothing is learned."""
    return "".join("?" if tag == IGNORE else LETTERS[TAGS[tag]] for tag in example.tags)


def spans(text: str, *parts: str) -> list[list[int]]:
    return [[text.index(part), text.index(part) + len(part)] for part in parts]


def parse(text: str, words: list[str], heads: list[int]) -> Parse:
    """A parse of words in text order; labels, tags and entities are all the same."""
    starts, at = [], 0
    for word in words:
        at = text.index(word, at)
        starts.append(at)
        at += len(word)
    ends = [start + len(word) for start, word in zip(starts, words, strict=True)]
    same = len(words)
    begins = [True] + [False] * (same - 1)
    return Parse(starts, ends, ["NN"] * same, heads, ["dep"] * same, ["O"] * same, begins)


RAIN = "Rain, said Ida Holm, will come."
RAIN_PARSE = parse(
    RAIN,
    ["Rain", ",", "said", "Ida", "Holm", ",", "will", "come", "."],
    [7, 7, 7, 4, 2, 7, 7, -1, 7],
)


def test_polnear_names_every_word_and_link() -> None:
    attribution = {
        "source": spans(RAIN, "Ida Holm"),
        "cue": spans(RAIN, "said"),
        "content": spans(RAIN, "Rain", "will come"),
    }
    record = {"id": "a", "text": RAIN, "attributions": [attribution]}
    example = corpora.polnear(record, RAIN_PARSE, TOKENIZERS)
    assert shown(example) == "QOCSsOQqO"
    assert example.cue_of.tolist() == [2, -1, -1, -1, -1, -1, 2, 2, -1]
    assert example.source_of.tolist() == [-1, -1, 3, -1, -1, -1, -1, -1, -1]


def test_a_plain_text_teaches_its_parse_alone() -> None:
    example = corpora.plain({"id": "a", "text": RAIN}, RAIN_PARSE, TOKENIZERS)
    assert shown(example) == "?" * 9
    corpora.parsed(example, RAIN_PARSE)
    assert example.more["head"].tolist() == RAIN_PARSE.heads
    assert {CLASSES["fine_tag"][tag] for tag in example.more["fine_tag"]} == {"NN"}
    assert {CLASSES["label"][label] for label in example.more["label"]} == {"dep"}
    assert {CLASSES["entity"][kind] for kind in example.more["entity"]} == {"O"}
    assert example.more["sentence"].tolist() == [1, 0, 0, 0, 0, 0, 0, 0, 0]


SHORT = {"P": "PERSON", "G": "GPE", "R": "ORG", "D": "DATE", "L": "PLACE", "N": "ORGANIZATION"}


def tagged(letters: str, head: str) -> np.ndarray:
    """A letter a word: a capital begins what `SHORT` says, a small one goes on, a dot is none."""
    names = [
        "O" if letter == "." else f"{'B' if letter.isupper() else 'I'}-{SHORT[letter.upper()]}"
        for letter in letters
    ]
    return np.array([CLASSES[head].index(name) for name in names])


@pytest.mark.parametrize(
    ("text", "entities", "names", "expected"),
    [
        ("Arjun Sethi said", "Rr.", "Pp.", "Pp."),  # of another kind
        ("Judge Friday Okoro said", ".DP.", ".Pp.", ".Pp."),  # cut in two
        ("Recorder Owen Pryce said", "Ppp.", ".Pp.", ".Pp."),  # glued to it
        ("Harbor Watch Oslo said", "Rrr.", "Nn..", "Rr.."),
        ("HOLT said", "..", "P.", "P."),  # not seen
        ("Karl Ruiz said", "Pp.", ".P.", "Pp."),  # gold has the family name alone
        ("Ruiz said", "R.", "P.", "P."),
        ("the interior ministry said", "....", ".Nn.", "...."),  # no name
        ("Ana Ruiz said", "Pp.", "...", "Pp."),  # gold says nothing of it
    ],
)
def test_gold_names_correct_the_parse(text: str, entities: str, names: str, expected: str) -> None:
    words = text.split()
    told = parse(text, words, [-1] * len(words))
    example = corpora.parsed(corpora.plain({"id": "a", "text": text}, told, TOKENIZERS), told)
    example.more["entity"] = tagged(entities, "entity")
    example.more["name"] = tagged(names, "name")
    corpora.named(example)
    assert example.more["entity"].tolist() == tagged(expected, "entity").tolist()


def test_a_name_that_the_parse_takes_for_a_verb_is_a_name() -> None:
    told = parse("May said so", ["May", "said", "so"], [1, -1, 1])
    example = corpora.parsed(
        corpora.plain({"id": "a", "text": "May said so"}, told, TOKENIZERS), told
    )
    example.more["fine_tag"][0] = CLASSES["fine_tag"].index("MD")
    example.more["name"] = tagged("P..", "name")
    corpora.named(example)
    assert CLASSES["fine_tag"][example.more["fine_tag"][0]] == "NNP"
    assert example.more["label"].tolist()[0] == IGNORE
    assert example.more["head"].tolist() == [UNKNOWN, -1, 1]


def test_an_unknown_answer_teaches_nothing() -> None:
    odd = Parse([0], [4], ["ODD"], [-2], ["odd"], ["B-ODD"], [True])
    example = corpora.parsed(corpora.plain({"id": "a", "text": "Rain"}, odd, TOKENIZERS), odd)
    assert example.more["head"].tolist() == [UNKNOWN]
    assert {int(example.more[name][0]) for name in ("fine_tag", "label", "entity")} == {IGNORE}


def test_chains_point_to_the_mention_before() -> None:
    text = "Ida Holm came. She left."
    told = parse(text, ["Ida", "Holm", "came", ".", "She", "left", "."], [1, 2, -1, 2, 5, -1, 5])
    example = corpora.plain({"id": "a", "text": text}, told, TOKENIZERS)
    entities = [{"mentions": spans(text, "Ida Holm", "She")}]
    corpora.chains(example, told, entities)
    nothing = UNKNOWN
    assert example.more["antecedent"].tolist() == [
        nothing,
        -1,
        nothing,
        nothing,
        1,
        nothing,
        nothing,
    ]


def test_head_words() -> None:
    found = head_words(RAIN_PARSE, [Span(11, 19), Span(0, 4), Span(4, 4)])
    assert found == [4, 0, None]


def test_paragraphs_parted_by_blank_lines() -> None:
    assert len(corpora.blocks("Rain will\ncome.\n\nIt did.")) == 2


SPOKE = "“Rain will come,” Mayor Ida Holm said on May 3. Oslo Ida Holm left. He hopes so."
SPOKE_PARSE = parse(
    SPOKE,
    [
        *("“", "Rain", "will", "come", ",", "”", "Mayor", "Ida", "Holm", "said", "on", "May", "3"),
        *(".", "Oslo", "Ida", "Holm", "left", ".", "He", "hopes", "so", "."),
    ],
    [-1] * 23,
)
SPOKE_RECORD = {
    "id": "b",
    "text": SPOKE,
    "records": [
        {
            "content": spans(SPOKE, "Rain will come"),
            "source": spans(SPOKE, "Mayor Ida Holm")[0],
            "cue": spans(SPOKE, "said")[0],
            "date_span": spans(SPOKE, "on May 3")[0],
            "date_scope": "cue",
            "speaker": {"names": ["Ida Holm"], "kind": "PERSON"},
            "roles": ["Mayor"],
        }
    ],
    "other": [spans(SPOKE, "so.")],
}


def test_gold_records_teach_as_polnear_does() -> None:
    """Contents have their marks; a sentence with what may be found or not teaches nothing."""
    example = corpora.attributed(SPOKE_RECORD, SPOKE_PARSE, TOKENIZERS)
    assert shown(example) == "QqqqqqSssCOOOOOOOOO????"
    assert example.cue_of[:6].tolist() == [9] * 6
    assert example.source_of[9] == 6


def test_gold_records_teach_roles_kinds_names_and_times() -> None:
    example = corpora.attributed(SPOKE_RECORD, SPOKE_PARSE, TOKENIZERS)
    roles = CLASSES["role"]
    assert roles[example.more["role"][6]] == "B-role"
    assert set(example.more["role"][7:]) == {roles.index("O")}
    kind = CLASSES["speaker"].index("PERSON")
    assert example.more["speaker"][5:10].tolist() == [IGNORE, kind, kind, kind, IGNORE]
    names = [CLASSES["name"][tag] for tag in example.more["name"][[7, 8, 15, 16]]]
    assert names == ["B-PERSON", "I-PERSON"] * 2
    assert example.more["time_of"][9] == 10
    assert example.more["time_of"][8] == UNKNOWN


def test_words_glued_to_a_name_are_none_and_other_names_teach_nothing() -> None:
    glued = SPOKE_PARSE.entities.copy()
    glued[14:17] = ["B-PERSON", "I-PERSON", "I-PERSON"]
    glued[11] = "B-DATE"
    read = replace(SPOKE_PARSE, entities=glued)
    tags = corpora.attributed(SPOKE_RECORD, read, TOKENIZERS).more["name"]
    assert CLASSES["name"][tags[14]] == "O"
    assert tags[11] == IGNORE


def test_an_epoch_has_all_records_and_as_many_other_words() -> None:
    one = corpora.attributed(SPOKE_RECORD, SPOKE_PARSE, TOKENIZERS)
    others = [corpora.plain({"id": str(n), "text": RAIN}, RAIN_PARSE, TOKENIZERS) for n in range(9)]
    epoch = mixed([one], others, random.Random(1))
    assert epoch[0] is one
    assert sum(len(example.words) for example in epoch[1:]) == 27


CAME = "Then she said so. Ida Holm came. She said rain, Holm wrote."
CAME_PARSE = parse(
    CAME,
    [
        *("Then", "she", "said", "so", ".", "Ida", "Holm", "came", "."),
        *("She", "said", "rain", ",", "Holm", "wrote", "."),
    ],
    [-1] * 16,
)


@pytest.mark.parametrize(
    ("source", "names", "points"),
    [
        pytest.param("She", ["Ida Holm"], {9: 6}, id="the nearest name before"),
        pytest.param("she", ["Ida Holm"], {1: 6}, id="else the nearest after"),
        pytest.param("Holm wrote", ["Ida Holm"], {13: 13, 14: 13}, id="the source's own name"),
        pytest.param("She", ["minister"], {9: -1}, id="named nowhere"),
        pytest.param(None, ["Ida Holm"], {11: 6}, id="no source: where the content begins"),
    ],
)
def test_a_source_points_to_its_speaker(
    source: str | None, names: list[str], points: dict[int, int]
) -> None:
    record = {
        "content": spans(CAME, "rain"),
        "source": spans(CAME, source)[0] if source else None,
        "cue": None,
        "date_span": None,
        "date_scope": None,
        "speaker": {"names": names, "kind": "PERSON"},
        "roles": [],
    }
    example = corpora.plain({"id": "a", "text": CAME}, CAME_PARSE, TOKENIZERS)
    corpora.speakers(example, CAME_PARSE, [record])
    told = example.more["speaker_of"].tolist()
    assert {at: word for at, word in enumerate(told) if word != UNKNOWN} == points
