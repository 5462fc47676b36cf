"""Ids and the namespace they come from."""

import threading

import jsonschema_rs
import pytest

from meta_tests.support.minimal import examples, minimal
from spec import clauses, schema
from strategies import identifiers, namespace

PREFIX = "cct-k3f9a-"


@pytest.fixture(autouse=True)
def _prefix(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace._namespace, "prefix", None)  # puts back what was there before
    namespace.use(PREFIX)


def valid(customer_id: str) -> bool:
    return jsonschema_rs.validator_for(schema("CustomerCreate")["properties"]["id"]).is_valid(customer_id)


def number_of(customer_id: str) -> str:
    return customer_id.removeprefix(PREFIX).split("-")[0]


@pytest.mark.parametrize(
    "prefix", ["", "cct", "CCT-", "cct_1-", "1cct-", "-", "cct--", "cct-ü-", f"{'c' * 40}-"]
)
def test_a_prefix_that_ids_could_not_carry_is_refused(prefix: str) -> None:
    with pytest.raises(ValueError, match="run prefix"):
        namespace.use(prefix)
    assert namespace.prefix() == PREFIX


def test_without_a_prefix_nothing_is_stamped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(namespace._namespace, "prefix", None)
    with pytest.raises(RuntimeError, match="the run has no prefix yet"):
        namespace.fresh_email()


def test_ids_have_the_length_asked_for_and_no_other() -> None:
    shortest = len(namespace.fresh_id())
    for length in range(shortest, 67):
        customer_id = namespace.fresh_id(length, "aB_9-")
        assert len(customer_id) == length
        assert valid(customer_id)
    for length in (0, 9, 67):
        with pytest.raises(ValueError, match="an id of this run has"):
            namespace.fresh_id(length)


def test_no_two_ids_are_one_even_where_case_is_ignored() -> None:
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


def test_lookalike_addresses_are_ours_and_differ_in_more_than_case() -> None:
    emails = namespace.lookalike_emails()
    assert len({email.casefold() for email in emails}) == len(emails) == 7
    assert all(map(namespace.is_ours, emails))
    assert {email.partition("@")[2] for email in emails} == set(namespace.DOMAINS)


def test_custom_ids_are_valid_and_ours() -> None:
    drawn = examples(identifiers.custom_ids(), 300)
    assert all(map(valid, drawn))
    assert all(map(namespace.is_ours, drawn))


def test_custom_ids_reach_every_class_within_100_examples() -> None:
    reached = frozenset().union(*map(identifiers.classes_of, examples(identifiers.custom_ids(), 100)))
    assert reached >= {"lower", "upper", "digit", "underscore", "hyphen", "length-65", "length-66"}


def test_the_custom_id_cases_reach_every_class_too() -> None:
    cases = identifiers.custom_id_cases()
    assert all(valid(case.value) for case in cases)
    assert frozenset().union(*(identifiers.classes_of(case.value) for case in cases)) >= {
        *("lower", "upper", "digit", "underscore", "hyphen", "length-65", "length-66"),
    }


def test_short_ids_have_the_length_asked_for() -> None:
    for length in (1, 2):
        drawn = examples(identifiers.short_ids(length), 50)
        assert {len(one) for one in drawn} == {length}
        assert all(map(valid, drawn))
    assert minimal(identifiers.short_ids(2)) == "aa"


def test_unknown_ids_are_ours_and_new() -> None:
    drawn = examples(identifiers.unknown_ids())
    assert all(valid(one) and namespace.is_ours(one) for one in drawn)
    assert len(set(drawn)) == len(drawn)


def test_the_smallest_ids_are_what_a_person_would_write() -> None:
    smallest = minimal(identifiers.custom_ids())
    assert smallest == PREFIX + number_of(smallest)
    upper = minimal(identifiers.custom_ids(), lambda one: "upper" in identifiers.classes_of(one))
    assert upper == f"{PREFIX}{number_of(upper)}-A"
    longest = minimal(identifiers.custom_ids(), lambda one: len(one) > 65)
    assert longest == f"{PREFIX}{number_of(longest)}".ljust(66, "x").replace("x", "-", 1)


@pytest.mark.parametrize(
    ("customer_id", "swapped"),
    [
        (f"{PREFIX}7-aB", f"{PREFIX}7-Ab"),
        (f"{PREFIX}7", "CCT-K3F9A-7"),
        ("x-1", "X-1"),
    ],
)
def test_the_case_is_swapped_behind_the_prefix_where_it_can_be(customer_id: str, swapped: str) -> None:
    assert identifiers.case_swapped(customer_id) == swapped


def test_an_id_without_letters_has_no_other_case() -> None:
    with pytest.raises(ValueError, match="no letter"):
        identifiers.case_swapped("12_3-4")


@pytest.mark.parametrize("constraint", ["id.empty", "id.max-length", "id.characters"])
def test_broken_ids_break_the_constraint_they_name_and_no_other(constraint: str) -> None:
    assert f"create.{constraint}" in clauses()
    cases = identifiers.broken_id_cases(constraint)
    assert cases
    for case in cases:
        assert not valid(case.value), case.name
        broken = {
            "id.empty": not case.value,
            "id.max-length": len(case.value) > 66,
            "id.characters": bool(case.value) and not set(case.value) <= set(identifiers.CHARACTERS),
        }
        assert [name for name, holds in broken.items() if holds] == [constraint], case.name


def test_each_character_around_the_permitted_ones_has_a_case() -> None:
    used = "".join(case.value for case in identifiers.broken_id_cases("id.characters"))
    assert set(used) >= set(" ./:@+,%?#&\\'\"<$*ü\u0308٣Ａ😀\u00a0\u200b\t\n\0")


def test_broken_ids_are_named_once_each_and_start_with_the_simplest() -> None:
    names = [case.name for case in identifiers.broken_id_cases()]
    assert len(set(names)) == len(names)
    assert minimal(identifiers.broken_ids()).name == "empty"
    assert minimal(identifiers.broken_ids("id.characters")).name == "a space inside"
    assert len(minimal(identifiers.broken_ids("id.max-length")).value) == 67
