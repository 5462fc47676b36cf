"""The operations on addresses that the suite uses are as the vendor publishes them."""

import pytest

import spec
from meta_tests.unit.spec.test_inventory import ADDRESS_PROPERTIES, ADDRESSES, METADATA, _without_prose

NEW_ADDRESS = {**ADDRESS_PROPERTIES, "metadata": {**METADATA, "additionalProperties": False}}


@pytest.mark.parametrize("name", ADDRESSES)
def test_the_operations_on_addresses_are_as_published(name: str) -> None:
    method, path, scope, statuses = ADDRESSES[name]
    entry = spec.document(corrected=False)["paths"][path][method.lower()]
    assert entry["operationId"] == name
    assert entry["security"] == [{"OAuth2": [scope]}]
    assert {int(status) for status in entry["responses"]} == statuses


def test_an_address_to_be_added_has_the_published_properties() -> None:
    schema = _without_prose(spec.schema("AddressCreate", corrected=False))
    assert (schema["properties"], schema["required"]) == (NEW_ADDRESS, ["contactName"])
