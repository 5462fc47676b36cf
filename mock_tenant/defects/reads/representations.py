"""Defects of representations: wrong or missing properties, wrong expansion, and reads that write."""

# ruff: noqa: ARG002 - an override has the signature of its hook
from collections.abc import Callable, Iterable
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import LIST_OPERATIONS, READ_OPERATIONS
from mock_tenant.messages import ApiRequest, ApiResponse
from mock_tenant.registry import defect, operation_defects
from mock_tenant.store import Customer

Representation = dict[str, Any]
Change = Callable[[Representation], Representation]


def changes_representation(
    operations: Iterable[str],
    aspect: str,
    name: str,
    description: str,
    change: Change,
    also_violates: tuple[str, ...] = (),
) -> None:
    """Seeds reads that return customers with a changed representation."""

    @operation_defects(
        operations,
        "{}." + aspect,
        name="{}-" + name,
        description="{} " + description,
        also_violates=also_violates,
    )
    class ChangesRepresentation(Behaviour):
        def serialize(self, request: ApiRequest, customer: Customer) -> Representation:
            return change(super().serialize(request, customer))


def without(*names: str) -> Change:
    """Removes properties from a representation."""
    return lambda shown: {name: value for name, value in shown.items() if name not in names}


def with_changed(name: str, change: Callable[[Any], Any]) -> Change:
    """Changes a property of a representation if it is present."""
    return lambda shown: {**shown, name: change(shown[name])} if name in shown else shown


def number_of(value: Any) -> Any:
    """A text of digits as a number."""
    return int(value) if isinstance(value, str) and value.isdecimal() else value


changes_representation(
    READ_OPERATIONS,
    "schema.customer",
    "shows-flags-as-text",
    "returns active as a string.",
    with_changed("active", lambda flag: str(flag).lower()),
)
changes_representation(
    READ_OPERATIONS,
    "schema.customer",
    "shows-the-version-as-text",
    "returns metadata.version as a string.",
    with_changed("metadata", lambda data: {**data, "version": str(data["version"])}),
)
changes_representation(
    ["list"],
    "schema.customer",
    "shows-registration-ids-as-numbers",
    "returns a registration id of digits as a number.",
    with_changed("b2b", lambda company: {name: number_of(value) for name, value in company.items()}),
    ("{}.agrees-with-get",),
)
changes_representation(
    READ_OPERATIONS, "id.present", "shows-no-id", "returns customers without their id.", without("id")
)
changes_representation(
    READ_OPERATIONS,
    "businessModel.enum",
    "shows-the-model-in-lower-case",
    "returns b2c as businessModel.",
    with_changed("businessModel", str.lower),
)
changes_representation(
    READ_OPERATIONS,
    "metadataCreatedAt.format",
    "shows-dates-of-another-zone",
    "returns metadataCreatedAt with the wrong UTC offset +02:00.",
    with_changed("metadataCreatedAt", lambda date: date.removesuffix("Z") + "+02:00"),
)
changes_representation(
    READ_OPERATIONS,
    "metadataCreatedAt.format",
    "shows-dates-with-a-space",
    "returns metadataCreatedAt with a space between date and time.",
    with_changed("metadataCreatedAt", lambda date: date.replace("T", " ")),
)
changes_representation(
    READ_OPERATIONS,
    "lastLogin.never",
    "returns-the-creation-time-as-last-login",
    "returns the time of creation as lastLogin.",
    lambda shown: {**shown, "lastLogin": shown.get("metadataCreatedAt")},
)
changes_representation(
    READ_OPERATIONS,
    "accounts.shape",
    "shows-accounts-as-texts",
    "returns accounts as an array of strings.",
    with_changed("accounts", lambda accounts: [account["id"] for account in accounts]),
)
changes_representation(
    READ_OPERATIONS,
    "expand.mixin",
    "shows-no-mixins",
    "returns no mixins although expand names them.",
    without("mixins"),
)
changes_representation(
    READ_OPERATIONS,
    "expand.mixin",
    "shows-empty-mixins",
    "returns mixins as an empty object although expand names them.",
    with_changed("mixins", lambda _: {}),
)
changes_representation(
    LIST_OPERATIONS,
    "agrees-with-get",
    "drops-the-middle-name",
    "does not return middleName, unlike get.",
    without("middleName"),
)
changes_representation(
    LIST_OPERATIONS,
    "agrees-with-get",
    "drops-the-photo",
    "does not return photoUrl, unlike get.",
    without("photoUrl"),
)
changes_representation(
    LIST_OPERATIONS, "agrees-with-get", "drops-b2b", "does not return b2b, unlike get.", without("b2b")
)
changes_representation(
    LIST_OPERATIONS,
    "agrees-with-get",
    "inverts-onHold",
    "returns the opposite of the onHold that get returns.",
    with_changed("onHold", lambda flag: not flag),
)
changes_representation(
    LIST_OPERATIONS,
    "agrees-with-get",
    "abbreviates-first-names",
    "returns only the first letter of firstName, unlike get.",
    with_changed("firstName", lambda name: name[:1]),
)
changes_representation(
    LIST_OPERATIONS,
    "agrees-with-get",
    "always-shows-version-1",
    "always returns 1 as metadata.version, unlike get.",
    with_changed("metadata", lambda data: {**data, "version": 1}),
)


@operation_defects(READ_OPERATIONS, "{}.expand.order", also_violates=("{}.expand.mixin",))
class ExpandsTheFirstAttribute(Behaviour):
    """{} expands only the first of several attributes."""

    def expansion(self, request: ApiRequest) -> list[str]:
        return super().expansion(request)[:1]


@operation_defects(["search"], "{}.expand.order")
class IgnoresTheSecondOfThreeAttributes(Behaviour):
    """{} does not expand the second of three attributes."""

    def expansion(self, request: ApiRequest) -> list[str]:
        attributes = super().expansion(request)
        return [attributes[0], *attributes[2:]] if len(attributes) == 3 else attributes


@operation_defects(["search"], "{}.expand.mixin")
class ExpandsNoMixinsWithAddresses(Behaviour):
    """{} ignores mixin:* in expand if addresses are expanded too."""

    def expansion(self, request: ApiRequest) -> list[str]:
        attributes = super().expansion(request)
        return [each for each in attributes if each != "mixin:*" or "addresses" not in attributes]


@operation_defects(READ_OPERATIONS, "{}.expand.on-request")
class AlwaysShowsMixins(Behaviour):
    """{} returns mixins although expand does not name them."""

    def expand_property(self, request: ApiRequest, name: str, value: Any, expansion: list[str]) -> Any:
        return value if name == "mixins" else super().expand_property(request, name, value, expansion)


@operation_defects(READ_OPERATIONS, "{}.changes-nothing")
class ChangesTheTitleOfReturnedCustomers(Behaviour):
    """{} changes the title of the customers that it returns."""

    def serialize(self, request: ApiRequest, customer: Customer) -> Representation:
        result = super().serialize(request, customer)
        request.tenant.put(customer.with_values({**customer.values, "title": "read"}))
        return result


@operation_defects(READ_OPERATIONS, "{}.changes-nothing")
class PutsReturnedCustomersOnHold(Behaviour):
    """{} puts the customers that it returns on hold."""

    def serialize(self, request: ApiRequest, customer: Customer) -> Representation:
        result = super().serialize(request, customer)
        request.tenant.put(customer.with_values({**customer.values, "onHold": True}))
        return result


@operation_defects(LIST_OPERATIONS, "{}.changes-nothing", also_violates=["get.changes-nothing"])
class RaisesTheVersions(Behaviour):
    """{} raises the versions of the customers that it returns."""

    def serialize(self, request: ApiRequest, customer: Customer) -> Representation:
        result = super().serialize(request, customer)
        request.tenant.put(customer.replace(version=customer.version + 1))
        return result


@defect("get.changes-nothing")
class GetRaisesTheVersion(Behaviour):
    """Get raises the version of the customer that it returns."""

    def handle_get(self, request: ApiRequest) -> ApiResponse:
        customer = self.require_customer(request)
        request.tenant.put(customer.replace(version=customer.version + 1))
        return super().handle_get(request)


@defect("get.businessModel.unassigned", name="every-customer-is-b2b")
class EveryCustomerIsB2B(Behaviour):
    """Every customer is B2B."""

    def business_model(self, customer: Customer) -> str:
        return "B2B"


@defect("create.metadataCreatedAt.now")
class CreationTimeIsAYearInThePast(Behaviour):
    """The metadataCreatedAt of a new customer is one year in the past."""

    def timestamp(self) -> str:
        timestamp = super().timestamp()
        return f"{int(timestamp[:4]) - 1}{timestamp[4:]}"
