"""The overlay of corrections: it changes the places that it names, and no others."""

import re
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

import spec
from spec.contract import CORRECTIONS, DIRECTORY
from spec.overlays import Action, applied, stages

ACTIONS = [action for action, _ in stages(spec.document(corrected=False), DIRECTORY / CORRECTIONS)]

# What each correction changes, written by hand: places in the published document, as JSON pointers.
PLACES = {
    "$.components.schemas.CustomId": {"/components/schemas/CustomId/pattern"},
    "$.components.parameters.Tenant.schema": {
        f"/components/parameters/Tenant/schema/{bound}" for bound in ("minLength", "maxLength", "pattern")
    },
    "$.components.schemas.Address": {"/components/schemas/Address/type"},
    "$.components.parameters.Expand": {"/components/parameters/Expand/description"},
    "$.paths['/customer/{tenant}/customers/{customerNumber}'].patch.responses": {
        "/paths/~1customer~1{tenant}~1customers~1{customerNumber}/patch/responses/409"
    },
    "$.components.schemas.Customer.properties.lastLogin": {
        "/components/schemas/Customer/properties/lastLogin"
    },
    "security": {
        f"/paths/{each.path.replace('/', '~1')}/{each.method.lower()}/security"
        for each in spec.operations().values()
    },
}
# The schemas of which a correction lets properties be null, or of another type, in answers.
ANSWERED = {"ErrorMessage", "ErrorDetail", "Customer", "LegalEntity", "Account", "Address"}


def test_the_id_pattern_comes_first() -> None:
    assert ACTIONS[0].target == "$.components.schemas.CustomId"
    assert ACTIONS[0].update["pattern"] == "^[a-zA-Z0-9_-]{1,66}$"


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.target)
def test_a_correction_gives_its_reason(action: Action) -> None:
    assert re.fullmatch(r"[A-Z].{40,}\.", action.description)


def test_the_readings_differ_where_a_correction_says_and_nowhere_else() -> None:
    changed = {
        place
        for place in _differences(spec.document(corrected=False), spec.document(corrected=True))
        if not re.search(r"/examples?(/|$)", place)
    }
    spelled = set().union(*PLACES.values())
    assert spelled <= changed
    for place in changed - spelled:
        name = re.match(r"/components/schemas/(\w+)/properties/", place)
        assert name is not None, place
        assert name[1] in ANSWERED, place
        assert place.endswith(("/type", "/enum")), place


def test_what_a_correction_lets_be_null_keeps_its_type() -> None:
    before, after = spec.document(corrected=False), spec.document(corrected=True)
    for place in _differences(before, after):
        if place.endswith("/type") and place.startswith("/components/schemas/"):
            was, now = _at(before, place), _at(after, place)
            allowed = (
                {"null", "object"} if place.endswith("ErrorMessage/properties/details/type") else {"null"}
            )
            assert set(now) - {was} == allowed, place
            assert was in now, place


def test_no_request_changes_but_for_the_id() -> None:
    for name in ("CustomerUpsert", "CustomerPatch", "CustomerUpsertMergePatch", "CustomerPatchMergePatch"):
        assert spec.schema(name, corrected=True) == spec.schema(name, corrected=False)
    published = spec.schema("CustomerCreate", corrected=False)["properties"]
    corrected = spec.schema("CustomerCreate", corrected=True)["properties"]
    assert {name for name in corrected if corrected[name] != published[name]} == {"id"}


def test_restriction_alone_is_nullable_in_a_request() -> None:
    for name in ("CustomerCreate", "CustomerUpsert", "CustomerPatch"):
        properties = spec.schema(name)["properties"]
        assert [part for part, schema in properties.items() if "null" in schema["type"]] == ["restriction"]


@pytest.mark.parametrize(
    ("value", "published", "corrected"),
    [
        ("", False, False),
        ("a", True, True),
        ("-", True, True),
        ("aB", False, True),
        ("Z" * 66, False, True),
        ("Z" * 67, False, False),
        ("a.b", False, False),
        ("é", False, False),
        ("a\n", False, False),
    ],
)
def test_the_two_readings_of_the_id(value: str, published: bool, corrected: bool) -> None:
    body = {"id": value}
    for reading, expected in ((False, published), (True, corrected)):
        assert jsonschema_rs.is_valid(spec.schema("CustomerCreate", corrected=reading), body) is expected


@pytest.mark.parametrize("details", [None, {"field": "id"}, [{"field": "id", "message": None}], []])
def test_the_details_of_an_error_take_every_published_form(details: Any) -> None:
    assert jsonschema_rs.is_valid(spec.schema("ErrorMessage"), {"details": details})


def test_an_answer_may_say_null_for_nothing_but_not_for_an_identifier() -> None:
    customer = spec.schema("Customer")
    for name in customer["properties"]:
        nullable = name not in {"id", "customerNumber"}
        assert jsonschema_rs.is_valid(customer, {name: None}) is nullable, name
    assert not jsonschema_rs.is_valid(customer, {"businessModel": "B2D"})
    assert not jsonschema_rs.is_valid(customer, {"preferredCurrency": "EURO"})


def test_applying_leaves_the_document_it_is_given_alone() -> None:
    published = spec.document(corrected=False)
    first = applied(published, DIRECTORY / CORRECTIONS)
    assert published == spec.document(corrected=False)
    first["components"]["schemas"].clear()
    assert applied(published, DIRECTORY / CORRECTIONS) == spec.document()


def test_the_corrections_keep_the_order_of_what_they_leave() -> None:
    before, after = spec.document(corrected=False), spec.document(corrected=True)
    assert list(before["paths"]) == list(after["paths"])
    for name, schema in before["components"]["schemas"].items():
        old = list(schema.get("properties", {}))
        new = after["components"]["schemas"][name].get("properties", {})
        assert [each for each in new if each in old] == old


def test_the_overlay_extends_the_document_beside_it() -> None:
    text = Path(DIRECTORY / CORRECTIONS).read_text(encoding="utf-8")
    assert "\nextends: openapi.yaml\n" in text


def _differences(before: Any, after: Any, place: str = "") -> list[str]:
    """JSON pointers to what is new, gone or changed."""
    if isinstance(before, dict) and isinstance(after, dict):
        found: list[str] = []
        for key in [*before, *(key for key in after if key not in before)]:
            inner = f"{place}/{key.replace('~', '~0').replace('/', '~1')}"
            if key in before and key in after:
                found += _differences(before[key], after[key], inner)
            else:
                found.append(inner)
        return found
    return [] if before == after else [place]


def _at(document: Any, place: str) -> Any:
    for token in place.removeprefix("/").split("/"):
        document = document[token.replace("~1", "/").replace("~0", "~")]
    return document
