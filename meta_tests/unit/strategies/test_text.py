"""Text: which classes the strategy reaches, which it never draws, and what it shrinks to."""

import unicodedata

import pytest

from meta_tests.support.minimal import examples, minimal
from meta_tests.unit.strategies.text_classes import CLASSES, classes_of
from strategies import text


def permitted(value: str) -> bool:
    return all(unicodedata.category(one) not in ("Cc", "Cs") or one in "\t\n" for one in value)


def test_texts_hold_nothing_a_tenant_may_refuse() -> None:
    drawn = [*examples(text.texts(), 200), *(case.value for case in text.SAMPLES)]
    assert all(map(permitted, drawn))
    assert all(value.encode("utf-8") for value in drawn if value)


def test_texts_reach_every_class_within_100_examples() -> None:
    reached = frozenset().union(*map(classes_of, examples(text.texts(), 100)))
    assert CLASSES - reached == set()


def test_the_samples_alone_reach_every_class_but_the_lengths() -> None:
    reached = frozenset().union(*(classes_of(case.value) for case in text.SAMPLES))
    assert {name for name in CLASSES - reached if not name.startswith("length")} == set()
    assert len({case.name for case in text.SAMPLES}) == len(text.SAMPLES)


def test_texts_reach_the_lengths_around_255_and_beyond_2000() -> None:
    drawn = {len(value) for value in examples(text.texts(), 500)}
    assert drawn >= set(text.LENGTHS)


@pytest.mark.parametrize("longest", [5, 40, 255, 300])
def test_no_text_is_longer_than_allowed(longest: int) -> None:
    assert max(map(len, examples(text.texts(longest=longest), 200))) <= longest


def test_conservative_texts_are_plain() -> None:
    assert set(map(classes_of, examples(text.texts(conservative=True)))) == {frozenset({"plain"})}


@pytest.mark.parametrize("unit", ["a", "ab ", "😀", "e\u0301"])
def test_long_texts_have_exactly_the_requested_length(unit: str) -> None:
    for length in (1, 2, 3, 255, 256, 2049):
        long = text.of_length(length, unit)
        assert len(long) == length
        assert long == long.strip()


@pytest.mark.parametrize(
    ("name", "smallest"),
    [
        ("plain", {"Ada"}),
        ("empty", {""}),
        ("non-ascii", {"ä", "é", "Jürgen Größe", "ﬁ"}),
        ("decomposed", {"e\u0301", "Zoe\u0308"}),
        ("compatibility", {"ﬁ", "Steﬃ"}),
        ("astral", {"😀"}),
        ("right-to-left", {"\u200f", "محمد"}),
        ("zero-width", {"\u200bא", "A\u200bda", "👩\u200d👩\u200d👧"}),
        ("leading-space", {" ", " Ada", "\t"}),
        ("trailing-space", {" ", "Ada "}),
        ("several-spaces", {"x  y", "Ada   Lovelace"}),
        ("newline", {"\n", "Ada\nLovelace"}),
        ("markup", {"<i>&lt;", "<b>Ada</b>"}),
        ("numeric", {"007"}),
        ("word-of-json", {"true"}),
        ("length-255-and-more", {"a" * 255}),
        ("length-2000-and-more", {"a" * 2_000}),
    ],
)
def test_the_smallest_text_of_a_class_is_what_a_person_would_write(name: str, smallest: set[str]) -> None:
    assert minimal(text.texts(), lambda value: name in classes_of(value)) in smallest


@pytest.mark.parametrize(
    ("value", "classes"),
    [
        ("", {"empty"}),
        ("Ada Lovelace", {"plain"}),
        ("Ada ", {"trailing-space"}),
        ("é", {"non-ascii", "composed"}),
        ("e\u0301", {"non-ascii", "combining", "decomposed"}),
        ("ﬁ", {"non-ascii", "compatibility", "case-sensitive"}),
        ("1e5", {"numeric"}),
        ("NaN", {"plain", "word-of-json"}),
        ("a\tb", {"tab"}),
        ("O'Hara", {"quote"}),
        ("<b>&amp;", {"markup", "entity", "ampersand"}),
    ],
)
def test_classes_of_a_text(value: str, classes: set[str]) -> None:
    assert classes_of(value) == classes


def test_adversarial_texts_are_unlike_others() -> None:
    cases = text.adversarial_cases()
    assert len({case.name for case in cases}) == len(cases)
    joined = "".join(case.value for case in cases)
    assert all(character in joined for character in ("\0", "\x1b", "\r", "\ud83d", "\ude00"))
    for case in cases:
        categories = {unicodedata.category(character) for character in case.value}
        assert categories & {"Cc", "Cs", "Cn", "Co"} or len(case.value) >= 10_000, case.name
