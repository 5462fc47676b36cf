"""Ids and the namespace they come from."""

import string
import threading

import jsonschema_rs
import pytest

from meta_tests.support.minimal import examples, minimal
from meta_tests.unit.strategies.conftest import PREFIX
from spec import clauses, schema
from strategies import identifiers, namespace

CLASSES = {
    "lower": string.ascii_lowercase,
    "upper": string.ascii_uppercase,
    "digit": string.digits,
    "underscore": "_",
    "hyphen": "-",
}


def valid(customer_id: str) -> bool:
    return jsonschema_rs.validator_for(schema("CustomerCreate")["properties"]["id"]).is_valid(customer_id)


def number_of(customer_id: str) -> str:
    return customer_id.removeprefix(PREFIX).split("-")[0]


@pytest.mark.parametrize(
    "prefix", ["", "cct", "CCT-", "cct_1-", "1cct-", "-", "cct--", "cct-ü-", f"{'c' * 40}-"]
)
def test_a_prefix_that_ids_cannot_have_is_rejected(prefix: str) -> None:
    with pytest.raises(ValueError, match="run prefix"):
        namespace.use(prefix)
    assert namespace.prefix() == PREFIX


def test_without_a_prefix_there_are_no_fresh_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace, "_active", None)
    with pytest.raises(RuntimeError, match="the run has no prefix yet"):
        namespace.fresh_email()


def test_ids_have_the_requested_length() -> None:
    shortest = len(namespace.fresh_id())
    for length in range(shortest, 67):
        customer_id = namespace.fresh_id(length, "aB_9-")
        assert len(customer_id) == length
        assert valid(customer_id)
    for length in (0, 9, 67):
        with pytest.raises(ValueError, match="an id of this run has"):
            namespace.fresh_id(length)


def test_ids_are_unique_even_if_case_is_ignored() -> None:
    drawn = [namespace.fresh_id(length) for length in (None, 20, 65, 66) for _ in range(50)]
    drawn += examples(identifiers.custom_ids(), 300)
    assert len({customer_id.lower() for customer_id in drawn}) == len(drawn)


def test_threads_share_the_counter() -> None:
    drawn: list[str] = []
    threads = [
        threading.Thread(target=lambda: drawn.extend(namespace.fresh_email() for _ in range(500)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=10)
    assert len(set(drawn)) == 2_000


def test_a_replay_draws_the_same_shape_under_another_number() -> None:
    first, second = (examples(identifiers.custom_ids(lengths=(66,)), 20) for _ in range(2))
    assert not set(first) & set(second)
    padding = [[one[len(PREFIX + number_of(one)) :][:5] for one in drawn] for drawn in (first, second)]
    assert [len(one) for one in first] == [len(one) for one in second] == [66] * len(first)
    assert padding[0] == padding[1]


def test_fresh_values_are_recognisable_and_reserved() -> None:
    assert namespace.fresh_email("example.org").startswith(PREFIX)
    assert namespace.fresh_email().endswith("@example.com")
    assert namespace.fresh_name().startswith("cct_k3f9a_")
    assert namespace.fresh_word().startswith("cctk3f9ax")
    assert namespace.fresh_word().isalnum()
    assert "cctk3f9a" in namespace.fresh_password()


def test_similar_addresses_belong_to_the_run_and_differ_in_more_than_case() -> None:
    emails = namespace.similar_emails()
    assert len({email.casefold() for email in emails}) == len(emails) == 7
    assert all(map(namespace.contains, emails))
    assert {email.partition("@")[2] for email in emails} == set(namespace.DOMAINS)


def test_custom_ids_are_valid_and_belong_to_the_run() -> None:
    drawn = examples(identifiers.custom_ids(), 300)
    assert all(map(valid, drawn))
    assert all(map(namespace.contains, drawn))


def classes_of(customer_id: str) -> set[str]:
    """The classes of an id: its length, and the kinds of its characters after the prefix."""
    tail = customer_id.removeprefix(PREFIX)
    return {f"{len(customer_id)}"} | {name for name, members in CLASSES.items() if set(tail) & set(members)}


def test_custom_ids_reach_every_class_within_100_examples() -> None:
    reached = set().union(*map(classes_of, examples(identifiers.custom_ids(), 100)))
    assert reached >= {*CLASSES, "65", "66"}


def test_the_smallest_ids_have_no_padding_that_is_not_needed() -> None:
    smallest = minimal(identifiers.custom_ids())
    assert smallest == PREFIX + number_of(smallest)
    upper = minimal(identifiers.custom_ids(), lambda one: "upper" in classes_of(one))
    assert upper == f"{PREFIX}{number_of(upper)}-A"
    longest = minimal(identifiers.custom_ids(), lambda one: len(one) > 65)
    assert longest == f"{PREFIX}{number_of(longest)}".ljust(66, "x").replace("x", "-", 1)


def test_the_numbers_continue_under_another_prefix() -> None:
    before = namespace.fresh_id()
    namespace.use("cct-other-")
    assert namespace.fresh_id().startswith("cct-other-")
    namespace.use(PREFIX)
    assert int(number_of(namespace.fresh_id())) > int(number_of(before))


def test_processes_of_a_run_share_no_number() -> None:
    namespace.use(PREFIX, start=102, step=100)
    assert [number_of(namespace.fresh_id()) for _ in range(3)] == ["102", "202", "302"]
    namespace.use(PREFIX)
    assert number_of(namespace.fresh_id()) == "402"


def test_short_ids_have_the_requested_length() -> None:
    for length in (1, 2):
        drawn = examples(identifiers.short_ids(length), 50)
        assert {len(one) for one in drawn} == {length}
        assert all(map(valid, drawn))
    assert minimal(identifiers.short_ids(2)) == "aa"


def test_unknown_ids_belong_to_the_run_and_are_unused() -> None:
    drawn = examples(identifiers.unknown_ids())
    assert all(valid(one) and namespace.contains(one) for one in drawn)
    assert len(set(drawn)) == len(drawn)


@pytest.mark.parametrize(
    ("customer_id", "swapped"),
    [
        (f"{PREFIX}7-aB", f"{PREFIX}7-Ab"),
        (f"{PREFIX}7", "CCT-K3F9A-7"),
        ("x-1", "X-1"),
    ],
)
def test_the_case_is_swapped_after_the_prefix_if_possible(customer_id: str, swapped: str) -> None:
    assert identifiers.case_swapped(customer_id) == swapped


def test_an_id_without_letters_has_no_other_case() -> None:
    with pytest.raises(ValueError, match="no letter"):
        identifiers.case_swapped("12_3-4")


@pytest.mark.parametrize("constraint", ["id.empty", "id.max-length", "id.characters"])
def test_invalid_ids_break_the_constraint_they_name_and_no_other(constraint: str) -> None:
    assert f"create.{constraint}" in clauses()
    cases = identifiers.invalid_id_cases(constraint)
    assert len({case.name for case in cases}) == len(cases) > 0
    for case in cases:
        assert not valid(case.value), case.name
        broken = {
            "id.empty": not case.value,
            "id.max-length": len(case.value) > 66,
            "id.characters": bool(case.value) and not set(case.value) <= set(identifiers.CHARACTERS),
        }
        assert [name for name, holds in broken.items() if holds] == [constraint], case.name


def test_each_character_around_the_permitted_ones_has_a_case() -> None:
    used = "".join(case.value for case in identifiers.invalid_id_cases("id.characters"))
    assert set(used) >= set(" ./:@+,%?#&\\'\"<$*ü\u0308٣Ａ😀\u00a0\u200b\t\n\0")
