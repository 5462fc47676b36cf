"""Bodies and a minimal tenant in memory, for the tests of the oracle."""

from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

import oracle
from oracle import Create, CustomerModel, Delete, Get, Operation, Patch, Rules, Upsert
from spec import ABSENT, Mismatch

RULES = Rules(restrictions=("DE", "AT"), sites=("main", "DE"), custom_ids=True)
DEFAULTS = {"preferredLanguage": "en_US", "preferredCurrency": "USD", "preferredSite": "main"}
EXPAND = frozenset({"mixin:*"})
TEXTS = ("title", "firstName", "middleName", "lastName", "contactPhone", "company")

words = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
objects = st.dictionaries(
    st.sampled_from(["a", "b"]), st.one_of(st.integers(-3, 3), st.booleans(), words), max_size=2
)
PARTS: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(TEXTS, words),
    "preferredLanguage": st.sampled_from(["en_US", "de-DE", "fr"]),
    "preferredCurrency": st.sampled_from(["EUR", "USD", "JPY"]),
    "preferredSite": st.sampled_from(["main", "DE"]),
    "type": st.sampled_from(["CUSTOMER", "CONTACT"]),
    "photoUrl": st.just("https://example.com/a.png"),
    "restriction": st.sampled_from(["DE", "AT", None]),
    "contactEmail": st.sampled_from([f"{name}@example.com" for name in "abc"]),
    "b2b": st.fixed_dictionaries({"companyRegistrationId": words}),
    "mixins": objects,
    "metadata": st.fixed_dictionaries({"mixins": objects}),
}
create_bodies = st.fixed_dictionaries({}, optional=PARTS)
write_bodies = st.fixed_dictionaries({}, optional={**PARTS, "active": st.booleans(), "onHold": st.booleans()})
ids = st.sampled_from(["one", "two"])
parts = st.recursive(
    st.none() | st.booleans() | st.integers() | words,
    lambda values: st.lists(values, max_size=2) | st.dictionaries(words, values, max_size=2),
    max_leaves=4,
)
names = st.sampled_from(
    ["id", "accounts", "metadata", "b2b", "mixins", "metadataCreatedAt", "status", "title"]
)
json_values: st.SearchStrategy[Any] = st.just(ABSENT) | parts | st.dictionaries(names, parts)
"""The body of any response, with properties of any types; ABSENT: no JSON."""


@dataclass
class Tenant:
    """A minimal conforming tenant with two variations: an upsert may reset, absent properties may be null."""

    resets: bool = False
    nulls: bool = False
    customers: dict[str, dict[str, Any]] = field(default_factory=dict)
    deleted: set[str] = field(default_factory=set)

    def answer(self, operation: Operation) -> tuple[int, Any]:
        """The status and the parsed body of the response, ABSENT for no body."""
        match operation:
            case Create(body):
                return self._create(dict(body or {}))
            case Get(id):
                return (200, self._shown(id)) if id in self.customers else (404, {})
            case Upsert(id, body):
                return self._upsert(id, dict(body or {}))
            case Patch(id, body):
                if id not in self.customers:
                    return 404, {}
                if self._conflict(dict(body or {}), id):
                    return 409, {}
                self.customers[id] |= dict(body or {})
                return 200, ABSENT
            case Delete(id):
                gone = self.customers.pop(id, None)
                self.deleted |= {id} if gone else set()
                return (202, ABSENT) if gone else (404, {})

    def _create(self, body: dict[str, Any]) -> tuple[int, Any]:
        id = body.pop("id", None) or f"generated-{len(self.customers) + len(self.deleted)}"
        if id in self.customers or id in self.deleted or self._conflict(body, id):
            return 409, {}
        self.customers[id] = self._made(id, body)
        return 201, {"id": id}

    def _upsert(self, id: str, body: dict[str, Any]) -> tuple[int, Any]:
        if id in self.deleted or self._conflict(body, id):
            return 409, {}
        if id not in self.customers:
            self.customers[id] = self._made(id, body)
            return 201, {"id": id}
        self.customers[id] = self._made(id, body) if self.resets else self.customers[id] | body
        return 204, ABSENT

    def _made(self, id: str, body: dict[str, Any]) -> dict[str, Any]:
        flags = {"active": True, "onHold": False}
        made = {"id": id, "customerNumber": id, "businessModel": "B2C"}
        return flags | DEFAULTS | body | made | {"metadataCreatedAt": "2026-01-01T00:00:00Z"}

    def _conflict(self, body: dict[str, Any], id: str) -> bool:
        email = body.get("contactEmail")
        return email is not None and any(
            customer.get("contactEmail") == email for other, customer in self.customers.items() if other != id
        )

    def _shown(self, id: str) -> dict[str, Any]:
        customer = self.customers[id]
        if self.nulls:
            return dict.fromkeys(PARTS) | customer
        return {name: value for name, value in customer.items() if value is not None}


def operations() -> st.SearchStrategy[Operation]:
    """Any operation on one of two ids, or a create without an id."""
    expands = st.sampled_from([frozenset[str](), EXPAND])
    return st.one_of(
        st.builds(Create, st.builds(lambda body, id: {**body, "id": id}, create_bodies, ids)),
        st.builds(Create, create_bodies),
        st.builds(Get, ids, expands),
        st.builds(Upsert, ids, write_bodies),
        st.builds(Patch, ids, write_bodies),
        st.builds(Delete, ids),
    )


def customer_model(body: dict[str, Any], *, confirmed: bool = False, rules: Rules = RULES) -> CustomerModel:
    """The model of a customer with the id `one` after a create with this body; confirmed: and after a get."""
    model = oracle.created({**body, "id": "one"}, id="one", rules=rules)
    return oracle.confirmed_by(model, shown_customer(body), expand=EXPAND) if confirmed else model


def shown_customer(body: dict[str, Any], **changes: Any) -> dict[str, Any]:
    """The get response of a conforming tenant after a create with this body, with these changes."""
    tenant = Tenant()
    tenant.answer(Create({**body, "id": "one"}))
    return {**tenant.answer(Get("one"))[1], **changes}


def first_mismatch(model: CustomerModel, seen: Any, **how: Any) -> Mismatch:
    """The first mismatch of a response that has one; parameters of `oracle.first_mismatch`."""
    found = oracle.first_mismatch(model, seen, **how)
    assert found is not None
    return found
