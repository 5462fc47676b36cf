"""Defects of the addresses and the default address that get, list and search return."""

from collections.abc import Callable
from typing import Any

from mock_tenant.behaviour import Behaviour
from mock_tenant.constants import READ_OPERATIONS
from mock_tenant.messages import ApiRequest
from mock_tenant.registry import operation_defects
from mock_tenant.store import Customer

Document = dict[str, Any]
Change = Callable[[Document, list[Document]], Document]
"""What becomes of a customer, given the addresses of another one."""


def changes_addresses(aspect: str, name: str, fault: str, change: Change) -> None:
    """Seeds reads that change a customer with expand=addresses."""

    @operation_defects(READ_OPERATIONS, "{}." + aspect, name="{}-" + name, description="{} " + fault)
    class ChangesAddresses(Behaviour):
        def serialize(self, request: ApiRequest, customer: Customer) -> Document:
            result = super().serialize(request, customer)
            if "addresses" not in self.expansion(request):
                return result
            others = (c for c in request.tenant.customers.values() if c.addresses and c.id != customer.id)
            return change(result, [dict(each) for other in others for each in other.addresses])


@operation_defects(["get"], "{}.addresses.only-own")
class ReturnsAddressesOfEveryTenant(Behaviour):
    """{} returns the addresses of the customer with the same id in every tenant."""

    def serialize(self, request: ApiRequest, customer: Customer) -> Document:
        equals = (tenant.customers.get(customer.id) for tenant in self.tenants.values())
        addresses = [address for each in equals if each is not None for address in each.addresses]
        return super().serialize(request, customer.replace(addresses=tuple(addresses)))


def each_address(change: Callable[[Document], Document]) -> Change:
    """Changes every address, and the default one."""

    def changed(customer: Document, _: list[Document]) -> Document:
        result = {**customer, "addresses": [change(each) for each in customer.get("addresses", [])]}
        if "defaultAddress" in result:
            result["defaultAddress"] = change(result["defaultAddress"])
        return result

    return changed


def with_default(choose: Callable[[Document, list[Document]], Document | None]) -> Change:
    """Replaces the default address of a customer that has one."""

    def changed(customer: Document, others: list[Document]) -> Document:
        if "defaultAddress" not in customer:
            return customer
        return {**customer, "defaultAddress": choose(customer, others)}

    return changed


FAULTS: tuple[tuple[str, str, str, Change], ...] = (
    (
        "addresses.on-request",
        "ignores-expand-addresses",
        "returns no addresses although expand names them.",
        lambda customer, _: {name: value for name, value in customer.items() if name != "addresses"},
    ),
    (
        "addresses.on-request",
        "shows-one-address",
        "returns only the first address of a customer.",
        lambda customer, _: {**customer, "addresses": customer["addresses"][:1]},
    ),
    (
        "addresses.only-own",
        "shows-addresses-of-others",
        "returns an address of another customer too.",
        lambda customer, others: {**customer, "addresses": [*customer["addresses"], *others[:1]]},
    ),
    (
        "addresses.only-own",
        "repeats-addresses",
        "returns the last address of a customer twice.",
        lambda customer, _: {**customer, "addresses": [*customer["addresses"], *customer["addresses"][-1:]]},
    ),
    (
        "addresses.values",
        "drops-streets",
        "does not return the street of an address.",
        each_address(lambda address: {name: v for name, v in address.items() if name != "street"}),
    ),
    (
        "addresses.values",
        "shows-postal-codes-without-zeros",
        "returns a postal code without its leading zeros.",
        each_address(
            lambda each: {**each, "zipCode": each["zipCode"].lstrip("0")} if "zipCode" in each else each
        ),
    ),
    (
        "addresses.values",
        "trims-addresses",
        "returns the texts of an address without leading and trailing spaces.",
        each_address(
            lambda each: {n: v.strip() if isinstance(v, str) else v for n, v in each.items()},
        ),
    ),
    (
        "addresses.values",
        "drops-all-tags-but-one",
        "returns only the first tag of an address.",
        each_address(lambda each: {**each, "tags": each["tags"][:1]} if "tags" in each else each),
    ),
    (
        "defaultAddress.agrees",
        "returns-the-first-address-as-default",
        "returns the first address as defaultAddress.",
        with_default(lambda customer, _: customer["addresses"][0]),
    ),
    (
        "defaultAddress.agrees",
        "returns-the-default-address-of-another-customer",
        "returns the address of another customer as defaultAddress.",
        with_default(lambda customer, others: others[0] if others else customer["defaultAddress"]),
    ),
    (
        "defaultAddress.returned",
        "shows-no-default-address",
        "does not return defaultAddress.",
        with_default(lambda *_: None),
    ),
)
for _fault in FAULTS:
    changes_addresses(*_fault)
