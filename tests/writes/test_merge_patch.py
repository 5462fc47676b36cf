"""PATCH with a JSON merge patch (RFC 7396): objects are merged by member, lists replaced, and values validated."""

import pytest

from harness import (
    MERGE_PATCH,
    TenantApi,
    check_customer,
    check_unchanged,
    clause,
    covering,
    create_customer,
    patched,
    poll_get,
    shared_customer,
)
from harness.checks.assertions import assert_member, assert_no_server_error, assert_rejected, assert_status
from harness.checks.customers import check_nothing_written
from harness.data import permitted
from strategies import namespace
from tests.writes.steps import CHANGES, MERGED

BOX_CHANGE = {
    "changed": 2,
    "list": [4],
    "scalar": {"now": "an object"},
    "deep": {"changed": 0},
    "new": {"a": []},
}
"""A change of some members of the box of `nested_members`."""


def nested_members(**parts: object) -> dict[str, object]:
    """Members of a mixin that a merge patch treats in different ways."""
    box = {"kept": 1, "changed": 1, "list": [1, 2, 3], "scalar": "x", "deep": {"kept": True, "changed": 1}}
    members = {
        "list": [1, 2, 3],
        "none": [1],
        "box": box,
        "kept": {"a": [{}]},
        "flag": True,
        "object": {"a": 1},
    }
    return members | parts


def other_changes(api: TenantApi) -> dict[str, object]:
    """A change of every property of a merge patch, which has no flags, but the last name and the nested objects."""
    restrictions = api.rules.restrictions
    changes = {name: value for name, value in CHANGES.items() if name not in ("lastName", "active", "onHold")}
    return changes | ({"restriction": restrictions[-1]} if restrictions else {})


@pytest.mark.covers("patch.merge-patch", at_least=2)
def test_merge_patch_merges_nested_objects(api: TenantApi) -> None:
    """Members that are not named stay, and a list is a value like others: replaced, not merged (RFC 7396 §2)."""
    mixin, other = namespace.fresh_name(), namespace.fresh_name()
    metadata = {"mixins": dict.fromkeys((mixin, other), "https://example.com/schema.json")}
    mixins = {mixin: nested_members(), other: {"kept": True}}
    customer = create_customer(api, firstName="before", lastName="kept", mixins=mixins, metadata=metadata)
    change = {
        **other_changes(api),
        "firstName": MERGED,
        "mixins": {
            mixin: {"list": [4, 5], "none": [], "box": BOX_CHANGE, "flag": False, "object": "now a text"}
        },
        "metadata": {"mixins": {mixin: "https://example.com/other.json"}},
    }

    response = api.patch(customer.id, permitted(api, change), headers=MERGE_PATCH)
    with clause("patch.merge-patch"):
        assert_status(response, 200)
    expected = patched(response, customer, merges=True)
    shown = poll_get(api, expected)

    with clause("patch.merge-patch"):
        assert_member(shown, "firstName", MERGED)
    check_customer(api, shown, expected)


@pytest.mark.covers("patch.merge-patch")
def test_null_in_a_merge_patch_removes_a_member(api: TenantApi) -> None:
    """A tenant that accepts null in a merge patch removes the member, and nothing else (RFC 7396 §2)."""
    mixin = namespace.fresh_name()
    customer = create_customer(api, mixins={mixin: nested_members(gone=1)})
    customer = check_customer(api, poll_get(api, customer), customer)
    change = {
        "mixins": {mixin: {"gone": None, "absent": None, "box": {"changed": None, "deep": {"changed": None}}}}
    }

    response = api.patch(customer.id, change, headers=MERGE_PATCH)
    with clause("patch.robust.no-5xx"):
        assert_no_server_error(response)
    if response.status == 400:
        check_unchanged(api, poll_get(api, customer), customer, "patch.refused.changes-nothing")
        return
    expected = patched(response, customer, merges=True)
    check_customer(api, poll_get(api, expected), expected)


@pytest.mark.parametrize(
    ("clause_id", "change"),
    [
        pytest.param(clause_id, change, marks=covering(clause_id, "patch.refused.changes-nothing"))
        for clause_id, change in (
            ("patch.lastName.type", {"lastName": 7}),
            ("patch.restriction.unlisted", {"restriction": "never-listed"}),
        )
    ],
)
def test_a_merge_patch_is_validated(api: TenantApi, clause_id: str, change: dict[str, object]) -> None:
    """As a JSON patch is, which the tests of bodies send with every violation; 415 fails another clause."""
    customer = shared_customer(api)

    response = api.patch(customer.id, change, headers=MERGE_PATCH)

    with clause(clause_id, "in a merge patch"):
        assert_rejected(response, 400, 415)
    check_nothing_written(api, response, customer)
