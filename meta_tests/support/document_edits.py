"""Small edits of the published document, each with the line that spec.drift prints and a clause that rests on it."""

from collections.abc import Callable, Mapping
from typing import Any

from spec.contract import operations

Document = dict[str, Any]
COLLECTION = "/customer/{tenant}/customers"


def operation_of(document: Document, name: str) -> Any:
    operation = operations()[name]
    return document["paths"][operation.path][operation.method.lower()]


def schema_of(document: Document, name: str) -> Any:
    return document["components"]["schemas"][name]


def properties_of(document: Document, name: str) -> Any:
    return schema_of(document, name)["properties"]


def parameter_of(document: Document, name: str) -> Any:
    return document["components"]["parameters"][name]


def _rename(mapping: Any, old: str, new: str) -> None:
    mapping[new] = mapping.pop(old)


# name: the edit, the line of the report, a clause that rests on it
EDITS: Mapping[str, tuple[Callable[[Document], Any], str, str]] = {
    "lower bound": (
        lambda d: parameter_of(d, "PageSize")["schema"].update(minimum=0),
        "changed: query parameter pageSize $ minimum: 1 before, 0 now",
        "search.pageSize.min",
    ),
    "new upper bound": (
        lambda d: parameter_of(d, "PageSize")["schema"].update(maximum=100),
        "changed: query parameter pageSize $ maximum: not stated before, 100 now",
        "list.pageSize.honoured",
    ),
    "default of a parameter": (
        lambda d: parameter_of(d, "PageSize")["schema"].update(default=20),
        "changed: query parameter pageSize $ default: 60 before, 20 now",
        "list.pageSize.default",
    ),
    "default of a property": (
        lambda d: schema_of(d, "Language").update(default="en"),
        'changed: request $.preferredLanguage default: "en_US" before, "en" now',
        "create.preferredLanguage.default",
    ),
    "greatest length": (
        lambda d: schema_of(d, "Currency").update(maxLength=4),
        "changed: request $.preferredCurrency maxLength: 3 before, 4 now",
        "upsert.preferredCurrency.max-length",
    ),
    "least length": (
        lambda d: schema_of(d, "CustomId").update(minLength=2),
        "changed: request $.id minLength: 1 before, 2 now",
        "create.id.empty",
    ),
    "pattern, as corrected": (
        lambda d: schema_of(d, "CustomId").update(pattern="^[a-zA-Z0-9_-]{1,66}$"),
        'changed: request $.id pattern: "^[a-zA-Z0-9_-]$" before, "^[a-zA-Z0-9_-]{1,66}$" now',
        "create.id.characters",
    ),
    "pattern of the tenant": (
        lambda d: parameter_of(d, "TenantBounded")["schema"].update(pattern="^[a-z]+$"),
        'changed: path parameter tenant $ pattern: "^[a-z][a-z0-9]+$" before, "^[a-z]+$" now',
        "create.tenant.pattern",
    ),
    "new value of an enum": (
        lambda d: properties_of(d, "Customer")["businessModel"]["enum"].append("B2B2C"),
        'changed: response $.businessModel enum: ["B2B", "B2C"] before, ["B2B", "B2B2C", "B2C"] now',
        "get.businessModel.enum",
    ),
    "type of a property": (
        lambda d: properties_of(d, "CustomerUpsert")["active"].update(type="string"),
        'changed: request $.active type: ["boolean"] before, ["string"] now',
        "upsert.active.type",
    ),
    "nullable no more": (
        lambda d: schema_of(d, "Restriction").update(type="string"),
        'changed: request $.restriction type: ["null", "string"] before, ["string"] now',
        "patch.restriction.null",
    ),
    "format": (
        lambda d: properties_of(d, "Customer")["metadataCreatedAt"].update(format="date-time"),
        'changed: response $.metadataCreatedAt format: not stated before, "date-time" now',
        "search.metadataCreatedAt.format",
    ),
    "status added": (
        lambda d: operation_of(d, "upsert")["responses"].update({"404": {"description": "None."}}),
        "added: response 404",
        "errors.404.shape",
    ),
    "status removed": (
        lambda d: operation_of(d, "create")["responses"].pop("409"),
        "removed: response 409",
        "create.email.unique",
    ),
    "another status": (
        lambda d: _rename(operation_of(d, "delete")["responses"], "202", "204"),
        "renamed: response 202: now response 204",
        "delete.status.accepted",
    ),
    "required member": (
        lambda d: schema_of(d, "CustomerCreate").update(required=["lastName"]),
        "changed: request $.lastName required: not stated before, yes now",
        "create.properties.optional",
    ),
    "required body": (
        lambda d: operation_of(d, "patch")["requestBody"].update(required=True),
        "changed: request required: not stated before, yes now",
        "patch.body.optional",
    ),
    "renamed property of a customer": (
        lambda d: _rename(properties_of(d, "Customer"), "contactPhone", "phone"),
        "renamed: response $.contactPhone: now response $.phone",
        "create.contactPhone.round-trip",
    ),
    "removed property of a body": (
        lambda d: properties_of(d, "CustomerPatch").pop("photoUrl"),
        "removed: request $.photoUrl",
        "patch.photoUrl.round-trip",
    ),
    "added property of a body": (
        lambda d: properties_of(d, "CustomerUpsert").update(birthday={"type": "string"}),
        "added: request $.birthday",
        "upsert.unknown-properties",
    ),
    "closed body": (
        lambda d: schema_of(d, "CustomerCreate").update(additionalProperties=False),
        "changed: request $ additionalProperties: not stated before, false now",
        "create.unknown-properties",
    ),
    "renamed member of an error": (
        lambda d: _rename(properties_of(d, "ErrorMessage"), "details", "causes"),
        "renamed: error $.details: now error $.causes",
        "errors.404.details",
    ),
    "header removed": (
        lambda d: d["components"]["responses"]["Customers"].pop("headers"),
        "removed: response 200 header Count",
        "list.count.header",
    ),
    "scope renamed": (
        lambda d: operation_of(d, "get")["security"][0].update(
            OAuth2=["customer.customer_view", "customer.customer_read_own"]
        ),
        "renamed: scope customer.customer_read: now scope customer.customer_view",
        "get.auth.scope",
    ),
    "no token needed": (
        lambda d: operation_of(d, "list")["security"].append({}),
        "changed: security optional: not stated before, yes now",
        "list.auth.token-required",
    ),
    "media type removed": (
        lambda d: operation_of(d, "upsert")["requestBody"]["content"].pop("application/merge-patch+json"),
        "removed: request application/merge-patch+json",
        "upsert.merge-patch",
    ),
    "parameter removed": (
        lambda d: operation_of(d, "list")["parameters"].remove({"$ref": "#/components/parameters/Sort"}),
        "removed: query parameter sort",
        "list.sort.ascending",
    ),
    "parameter renamed": (
        lambda d: parameter_of(d, "Q").update(name="query"),
        "renamed: query parameter q: now query parameter query",
        "list.q.exact",
    ),
    "parameter required": (
        lambda d: parameter_of(d, "PageNumber").update(required=True),
        "changed: query parameter pageNumber required: not stated before, yes now",
        "list.pageNumber.default",
    ),
    "operation removed": (
        lambda d: d["paths"].pop(f"{COLLECTION}/search"),
        "removed: operation",
        "search.q.equals-list",
    ),
    "operation deprecated": (
        lambda d: operation_of(d, "delete").update(deprecated=True),
        "changed: deprecated: not stated before, yes now",
        "delete.gone.get",
    ),
    "token address": (
        lambda d: d["components"]["securitySchemes"]["OAuth2"]["flows"]["clientCredentials"].update(
            tokenUrl="https://auth.example.com/token"
        ),
        'changed: token flow clientCredentials tokenUrl: "https://api.emporix.io/oauth/token" before, '
        '"https://auth.example.com/token" now',
        "token.request.client-credentials",
    ),
}
