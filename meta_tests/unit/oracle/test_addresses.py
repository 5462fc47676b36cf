"""Addresses: what a customer shows is compared with what was added."""

from typing import Any

import pytest

import oracle

OFFICE = {"contactName": "Ada", "street": "Hof", "tags": ["B", "A"], "isDefault": False, "id": "office"}
HOME = {"contactName": "Grace", "zipCode": "01099", "isDefault": True, "id": "home"}


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"isDefault": True},
        {"tags": ["A", "B"]},
        {"id": None},
        {"companyName": None, "metadata": {"version": 1}},
    ],
    ids=repr,
)
def test_an_address_may_be_shown_in_these_ways(change: dict[str, Any]) -> None:
    assert oracle.address_mismatch(OFFICE, OFFICE | change, "$") is None


@pytest.mark.parametrize(
    ("added", "change", "path"),
    [
        (OFFICE, {"street": "hof"}, "$.street"),
        (OFFICE, {"street": None}, "$.street"),
        (OFFICE, {"tags": ["A"]}, "$.tags"),
        (OFFICE, {"tags": ["A", "B", "C"]}, "$.tags"),
        (OFFICE, {"tags": "AB"}, "$.tags"),
        (OFFICE, {"id": "other"}, "$.id"),
        (HOME, {"zipCode": 1099}, "$.zipCode"),
        (HOME, {"isDefault": False}, "$.isDefault"),
        (HOME, {"isDefault": "true"}, "$.isDefault"),
    ],
    ids=repr,
)
def test_an_address_that_is_not_as_it_was_added(
    added: dict[str, Any], change: dict[str, Any], path: str
) -> None:
    mismatch = oracle.address_mismatch(added, added | change, "$")
    assert mismatch is not None
    assert mismatch.path == path


def test_addresses_of_a_customer_are_objects_in_an_array() -> None:
    values: list[Any] = [None, [], {}, "x"]
    for nothing in ({}, *({"addresses": value} for value in values)):
        assert oracle.addresses_of(nothing) == []
    shown = {"addresses": [HOME, None, OFFICE, "x"]}
    assert oracle.address_names(oracle.addresses_of(shown)) == ["Ada", "Grace"]


@pytest.mark.parametrize(
    "default", [HOME, None, HOME | {"metadata": {"version": 2}}, {"contactName": "Ada", **OFFICE}], ids=repr
)
def test_the_default_address_is_one_that_is_shown_as_default(default: dict[str, Any] | None) -> None:
    """A tenant may have several, and may show none."""
    shown = {"addresses": [OFFICE | {"isDefault": True}, HOME], "defaultAddress": default}
    assert oracle.default_address_mismatch([OFFICE, HOME], shown) is None


@pytest.mark.parametrize(
    ("default", "path"),
    [
        (OFFICE, "$.defaultAddress.contactName"),
        ({"contactName": "Zoe"}, "$.defaultAddress.contactName"),
        ({}, "$.defaultAddress.contactName"),
        (HOME | {"zipCode": "1099"}, "$.defaultAddress.zipCode"),
    ],
    ids=repr,
)
def test_another_address_is_not_the_default(default: dict[str, Any], path: str) -> None:
    shown = {"addresses": [OFFICE, HOME], "defaultAddress": default}
    mismatch = oracle.default_address_mismatch([OFFICE, HOME], shown)
    assert mismatch is not None
    assert mismatch.path == path


def test_a_customer_without_addresses_has_no_default_address() -> None:
    assert oracle.default_address_mismatch([], {"addresses": [], "defaultAddress": None}) is None
    assert oracle.default_address_mismatch([], {"defaultAddress": HOME}) is not None
