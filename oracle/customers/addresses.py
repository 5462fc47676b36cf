"""Addresses: those that a customer shows are those that were added."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from oracle.json_values import present, same
from spec import ABSENT, Kind, Mismatch

Address = Mapping[str, Any]
"""An address as it was added, with its id; the contactName is unique."""


def addresses_of(shown: Mapping[str, Any]) -> list[Address]:
    """The addresses that a customer shows; null, and what is no object, is left out."""
    found = shown.get("addresses")
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def address_names(addresses: Iterable[Address]) -> list[str]:
    """The contact names of addresses, sorted."""
    return sorted(str(each.get("contactName")) for each in addresses)


def address_mismatch(added: Address, shown: Address, path: str) -> Mismatch | None:
    """The first value of an address that is not as it was added.

    The order of tags is open. A tenant may make an address the default that was not added as such, and need not show
    the id within the customer.
    """
    for name, value in added.items():
        actual = present(shown.get(name, ABSENT))
        if (name == "isDefault" and not value) or (name == "id" and actual is ABSENT):
            continue
        if isinstance(actual, list) and name == "tags":
            value, actual = sorted(value), sorted(map(str, actual))
        if not same(actual, value):
            return Mismatch(Kind.VALUE, path=f"{path}.{name}", expected=value, actual=actual)
    return None


def default_address_mismatch(added: Sequence[Address], shown: Mapping[str, Any]) -> Mismatch | None:
    """A defaultAddress that is none of the addresses that the customer shows as default, or not as it was added."""
    default = present(shown.get("defaultAddress", ABSENT))
    if default is ABSENT or not isinstance(default, dict):
        return None
    defaults = address_names(each for each in addresses_of(shown) if each.get("isDefault") is True)
    if str(default.get("contactName")) not in defaults:
        return Mismatch(
            Kind.VALUE,
            path="$.defaultAddress.contactName",
            expected=defaults[0] if defaults else ABSENT,
            actual=default.get("contactName", ABSENT),
        )
    original = next((each for each in added if each["contactName"] == default["contactName"]), {})
    # Where it is the default, the flag is redundant, and a tenant may leave it out.
    compared = {name: value for name, value in original.items() if name != "isDefault" or name in default}
    return address_mismatch(compared, default, "$.defaultAddress")
