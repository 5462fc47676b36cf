"""Completeness: everything that the reference page lists occurs in the OpenAPI document, and nothing else."""

from typing import Any

import pytest

import spec
from spec.references import resolved

READINGS = pytest.mark.parametrize("corrected", [False, True], ids=["published", "corrected"])

# The inventory is written by hand from the reference page: what it lists under each heading.
TENANT_BOUNDED = {"type": "string", "minLength": 3, "maxLength": 16, "pattern": "^[a-z][a-z0-9]+$"}
STRING: dict[str, Any] = {"type": "string"}
PAGE_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 1, "default": 1}
PAGE_SIZE: dict[str, Any] = {"type": "integer", "minimum": 1, "default": 60}
NOTIFICATIONS = {"type": "boolean", "default": True}
COLLECTION = "/customer/{tenant}/customers"
ITEM = "/customer/{tenant}/customers/{customerNumber}"
READ = {"customer.customer_read", "customer.customer_read_own"}
MANAGE = {"customer.customer_manage", "customer.customer_manage_own"}
PAGING: dict[str, dict[str, Any]] = {
    "sort": STRING,
    "pageNumber": PAGE_NUMBER,
    "pageSize": PAGE_SIZE,
    "expand": STRING,
}
BY_NUMBER: dict[str, dict[str, Any]] = {"tenant": STRING, "customerNumber": STRING}
# operation: method, path, scopes, parameters with their schemas, statuses
INVENTORY: dict[str, tuple[str, str, set[str], dict[str, dict[str, Any]], set[int]]] = {
    "list": (
        "GET",
        COLLECTION,
        READ,
        {"tenant": TENANT_BOUNDED, "q": STRING, **PAGING},
        {200, 400, 401, 403},
    ),
    "create": (
        "POST",
        COLLECTION,
        MANAGE,
        {"tenant": TENANT_BOUNDED, "sendPasswordResetNotifications": NOTIFICATIONS},
        {201, 400, 401, 403, 409},
    ),
    "search": ("POST", f"{COLLECTION}/search", READ, {"tenant": STRING, **PAGING}, {200, 400, 401, 403}),
    "get": ("GET", ITEM, READ, {**BY_NUMBER, "expand": STRING}, {200, 400, 401, 403, 404}),
    "upsert": (
        "PUT",
        ITEM,
        MANAGE,
        {**BY_NUMBER, "sendPasswordResetNotifications": NOTIFICATIONS},
        {201, 204, 400, 401, 403, 409},
    ),
    "patch": ("PATCH", ITEM, MANAGE, BY_NUMBER, {200, 400, 401, 403, 404}),
    "delete": ("DELETE", ITEM, MANAGE, BY_NUMBER, {202, 400, 401, 403, 404}),
}

# Of the operations on addresses, those that the suite uses: method, path, scope, statuses.
ADDRESSES = {
    "listAddresses": ("GET", f"{ITEM}/addresses", "customer.customer_read", {200, 400, 401, 403, 404}),
    "addAddress": ("POST", f"{ITEM}/addresses", "customer.customer_manage", {201, 400, 401, 403, 404, 409}),
    "removeAddress": (
        "DELETE",
        f"{ITEM}/addresses/{{addressId}}",
        "customer.customer_manage",
        {204, 400, 401, 403, 404},
    ),
}

CURRENCY = {"type": "string", "minLength": 3, "maxLength": 3, "default": "USD"}
OBJECT = {"type": "object"}
SHARED: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("title", "firstName", "middleName", "lastName", "contactPhone", "company"), STRING),
    "preferredLanguage": {"type": "string", "default": "en_US"},
    "preferredCurrency": CURRENCY,
    "preferredSite": {"type": "string", "default": "main"},
    "type": STRING,
    "photoUrl": STRING,
    "restriction": {"type": ["string", "null"]},
    "contactEmail": STRING,
    "mixins": OBJECT,
}
REQUEST_B2B = {"type": "object", "properties": {"companyRegistrationId": STRING}}
METADATA = {"type": "object", "properties": {"mixins": OBJECT}}
VERSIONED = {"type": "object", "properties": {"mixins": OBJECT, "version": {"type": "integer"}}}
FLAGS = {"active": {"type": "boolean"}, "onHold": {"type": "boolean"}}
CHANGE = {**SHARED, "b2b": REQUEST_B2B, "metadata": VERSIONED}
LEGAL_ENTITY = {"type": "object", "properties": {"id": STRING, "name": STRING, "contactAssignmentId": STRING}}
ADDRESS_PROPERTIES: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("id", "contactName", "companyName", "street", "streetNumber", "streetAppendix"), STRING),
    **dict.fromkeys(("extraLine1", "extraLine2", "extraLine3", "extraLine4", "zipCode", "city"), STRING),
    "country": {"type": "string", "minLength": 2, "maxLength": 2},
    **dict.fromkeys(("state", "contactPhone"), STRING),
    "isDefault": {"type": "boolean", "default": False},
    "tags": {"type": "array", "items": STRING},
    "mixins": OBJECT,
}
ADDRESS = {
    "type": "object",
    "required": ["contactName"],
    "properties": {**ADDRESS_PROPERTIES, "metadata": VERSIONED},
}
CUSTOM_ID = {"type": "string", "minLength": 1, "maxLength": 66, "pattern": "^[a-zA-Z0-9_-]$"}
SCHEMAS: dict[str, dict[str, dict[str, Any]]] = {
    "CustomerCreate": {
        **SHARED,
        "id": CUSTOM_ID,
        "password": STRING,
        "b2b": REQUEST_B2B,
        "metadata": METADATA,
    },
    "CustomerUpsert": {**CHANGE, **FLAGS},
    "CustomerPatch": {**CHANGE, **FLAGS},
    "CustomerUpsertMergePatch": CHANGE,
    "CustomerPatchMergePatch": CHANGE,
    "CustomerSearch": {"q": STRING},
    "CustomerCreated": {"id": STRING},
    "Customer": {
        **SHARED,
        **FLAGS,
        "customerNumber": STRING,
        "id": STRING,
        "email": STRING,
        "businessModel": {"type": "string", "enum": ["B2B", "B2C"]},
        "metadataCreatedAt": STRING,
        "b2b": {
            "type": "object",
            "properties": {
                "companyRegistrationId": STRING,
                "legalEntities": {"type": "array", "items": LEGAL_ENTITY},
            },
        },
        "accounts": {
            "type": "array",
            "items": {"type": "object", "properties": {"id": STRING, "providerId": STRING}},
        },
        "addresses": {"type": "array", "items": ADDRESS},
        "defaultAddress": ADDRESS,
        "metadata": VERSIONED,
    },
}
JSON, MERGE_PATCH = "application/json", "application/merge-patch+json"
BODIES = {
    "create": {JSON: "CustomerCreate"},
    "search": {JSON: "CustomerSearch"},
    "upsert": {JSON: "CustomerUpsert", MERGE_PATCH: "CustomerUpsertMergePatch"},
    "patch": {JSON: "CustomerPatch", MERGE_PATCH: "CustomerPatchMergePatch"},
    "delete": {JSON: None},
}


@READINGS
@pytest.mark.parametrize("name", INVENTORY)
def test_an_operation_is_where_the_reference_has_it(name: str, corrected: bool) -> None:
    method, path, scopes, parameters, statuses = INVENTORY[name]
    operation = spec.operations()[name]
    assert (operation.method, operation.path) == (method, path)
    assert operation.scope in scopes
    entry = _inlined(corrected)["paths"][path][method.lower()]
    assert entry["operationId"] == name
    assert {scope for choice in entry["security"] for scope in choice["OAuth2"]} == scopes
    alone = {choice["OAuth2"][0] for choice in entry["security"] if len(choice["OAuth2"]) == 1}
    assert alone == (scopes if corrected else set()), "one scope is enough"
    assert {parameter["name"] for parameter in entry["parameters"]} == set(parameters)
    for parameter in entry["parameters"]:
        in_path = parameter["name"] in {"tenant", "customerNumber"}
        assert parameter["in"] == ("path" if in_path else "query")
        assert parameter.get("required", False) is in_path
    if not corrected:
        assert {int(status) for status in entry["responses"]} == statuses
        schemas = {parameter["name"]: parameter["schema"] for parameter in entry["parameters"]}
        assert schemas == parameters


@READINGS
def test_there_are_no_other_operations(corrected: bool) -> None:
    paths = spec.document(corrected)["paths"]
    found = {(method.upper(), path) for path, item in paths.items() for method in item}
    assert found == {(method, path) for method, path, *_ in (*INVENTORY.values(), *ADDRESSES.values())}
    assert list(spec.operations()) == list(INVENTORY)


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_body_has_the_properties_of_the_reference_and_no_others(name: str) -> None:
    schema = _without_prose(spec.schema(name, corrected=False))
    assert schema["properties"] == SCHEMAS[name]
    assert schema.get("required", []) == []
    assert "additionalProperties" not in str(schema), "an answer may hold more than is known"


@pytest.mark.parametrize("name", INVENTORY)
def test_request_bodies_are_optional_and_of_the_published_media_types(name: str) -> None:
    method, path, *_ = INVENTORY[name]
    entry = spec.document(corrected=False)["paths"][path][method.lower()]
    if name not in BODIES:
        assert "requestBody" not in entry
        return
    assert entry["requestBody"]["required"] is False
    found = {
        media: content["schema"].get("$ref", "").rpartition("/")[2] or None
        for media, content in entry["requestBody"]["content"].items()
    }
    assert found == BODIES[name]
    if name == "delete":
        assert entry["requestBody"]["content"][JSON]["schema"] == OBJECT


@pytest.mark.parametrize("name", INVENTORY)
def test_answers_have_the_published_bodies(name: str) -> None:
    method, path, *_ = INVENTORY[name]
    responses = spec.document(corrected=False)["paths"][path][method.lower()]["responses"]
    refusals = {"400": "BadRequest", "401": "Unauthorized", "403": "Forbidden", "404": "NotFound"}
    successes: dict[str, dict[str, str | None]] = {
        "list": {"200": "Customers"},
        "search": {"200": "Customers"},
        "get": {"200": "Customer"},
        "create": {"201": "Created"},
        "upsert": {"201": "Created", "204": None},
        "patch": {"200": None},
        "delete": {"202": None},
    }
    expected: dict[str, str | None] = {**refusals, "409": "Conflict", **successes[name]}
    for status, response in responses.items():
        if expected[status] is None:
            assert "content" not in response
        else:
            assert response == {"$ref": f"#/components/responses/{expected[status]}"}


def test_refusals_hold_an_error_message_and_401_a_fault() -> None:
    responses = spec.document()["components"]["responses"]
    for name in ("BadRequest", "Forbidden", "NotFound", "Conflict"):
        assert responses[name]["content"][JSON]["schema"]["$ref"].endswith("/ErrorMessage")
    assert responses["Unauthorized"]["content"][JSON]["schema"]["$ref"].endswith("/Fault")
    message = _without_prose(spec.schema("ErrorMessage", corrected=False))["properties"]
    kind = {"type": "string", "pattern": "[a-z]+[a-z_]*[a-z]+"}
    texts = dict.fromkeys(("field", "type", "message", "moreInfo"), STRING)
    detail = {"type": "object", "properties": {**texts, "type": kind}}
    assert message == {
        "status": {"type": "integer", "minimum": 100, "maximum": 599},
        "type": kind,
        "message": STRING,
        "moreInfo": STRING,
        "details": {"type": "array", "items": detail},
    }


def test_list_and_search_state_the_count() -> None:
    document = _inlined(corrected=False)
    for path, method in ((COLLECTION, "get"), (f"{COLLECTION}/search", "post")):
        count = document["paths"][path][method]["responses"]["200"]["headers"]["Count"]
        assert count["schema"] == {"type": "integer"}


@pytest.mark.parametrize("name", ["create", "upsert"])
def test_a_creation_leads_on_to_what_can_be_done_with_the_customer(name: str) -> None:
    method, path, *_ = INVENTORY[name]
    links = _inlined(corrected=False)["paths"][path][method.lower()]["responses"]["201"]["links"]
    assert {link["operationId"] for link in links.values()} == {"get", "patch", "upsert", "delete"}
    for link in links.values():
        assert link["parameters"]["path.customerNumber"] == "$response.body#/id"
        assert link["parameters"]["path.tenant"] == "$request.path.tenant"


def test_tokens_come_by_client_credentials_with_four_scopes() -> None:
    scheme = spec.document()["components"]["securitySchemes"]["OAuth2"]
    assert scheme["type"] == "oauth2"
    assert list(scheme["flows"]) == ["clientCredentials"]
    assert set(scheme["flows"]["clientCredentials"]["scopes"]) == READ | MANAGE


def _inlined(corrected: bool) -> dict[str, Any]:
    document = spec.document(corrected)
    inlined: dict[str, Any] = _without_prose(resolved(document, document, place="openapi.yaml"))
    return inlined


def _without_prose(node: Any) -> Any:
    """The node without descriptions and examples, which are prose and not promises."""
    if isinstance(node, list):
        return [_without_prose(item) for item in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without_prose(value)
        for key, value in node.items()
        if not (
            (key in {"description", "summary"} and isinstance(value, str)) or key in {"example", "examples"}
        )
    }
