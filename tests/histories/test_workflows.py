"""Programs of many steps on several customers at once: a state machine with the oracle as its model."""

import sys
from typing import Any

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from harness import RESULTS, WRITES, TenantApi
from harness.data import create_bodies, patch_bodies, upsert_bodies
from harness.plugin.evidence.example_runner import RunStateMachine
from harness.plugin.execution.profiles import randomized, state_machine_settings
from oracle import Create, Delete, Operation, Patch, Upsert
from strategies import customers, namespace
from tests.histories.scenario import Scenario

MAX_CUSTOMERS = 4
"""Customers that a program has at most at any time."""
COMPANY = st.runner().map(lambda machine: machine.scenario.company)
LAST_NAMES = st.sampled_from(("Lovelace", "Hopper"))
EMAILS = st.sampled_from(("fresh", "own", "taken"))
AFTER_DELETE = st.sampled_from(("", "patch", "upsert", "delete"))
SMALL = {"conservative": True, "longest": 40}
new_bodies = create_bodies(**SMALL, without=("id",), company=COMPANY, lastName=LAST_NAMES)
whole_bodies = upsert_bodies(**SMALL, without=("id",), company=COMPANY, lastName=LAST_NAMES)
changes = patch_bodies(**SMALL, without=("company", "contactEmail"))


class CustomerLifecycle(RuleBasedStateMachine):
    """Creates, updates, patches and deletes several customers of one company.

    After each step the written customer is compared with the model; after every third step all of them by list or
    search, or one of them by get where results may lag. `ids` keeps the ids of deleted customers, so that programs
    return to them.
    """

    ids = Bundle("ids")

    def __init__(self, api: TenantApi) -> None:
        super().__init__()
        self.api = api
        self.scenario = Scenario(api)
        self.written: list[str] = []

    # -- rules -------------------------------------------------------------------------------------------------

    @initialize(target=ids, body=new_bodies)
    def create_first(self, body: dict[str, Any]) -> str | MultipleResults[str]:
        return self.write(Create(body))

    @initialize(target=ids, body=whole_bodies)
    def upsert_second(self, body: dict[str, Any]) -> str | MultipleResults[str]:
        return self.write(Upsert(namespace.fresh_id(), body))

    @precondition(lambda self: len(self.scenario.existing_ids) < MAX_CUSTOMERS)
    @rule(target=ids, body=new_bodies, custom_id=st.booleans())
    def create(self, body: dict[str, Any], custom_id: bool) -> str | MultipleResults[str]:
        named = {"id": namespace.fresh_id()} if custom_id and self.api.custom_ids else {}
        return self.write(Create(body | named))

    @precondition(lambda self: len(self.scenario.existing_ids) < MAX_CUSTOMERS)
    @rule(target=ids, body=whole_bodies)
    def upsert_new(self, body: dict[str, Any]) -> str | MultipleResults[str]:
        return self.write(Upsert(namespace.fresh_id(), body))

    @precondition(lambda self: self.api.custom_ids)
    @rule(customer=ids, body=new_bodies)
    def create_with_known_id(self, customer: str, body: dict[str, Any]) -> None:
        self.write(Create(body | {"id": customer}))

    @rule(customer=ids, patched=st.booleans(), body=new_bodies)
    def create_with_known_email(self, customer: str, patched: bool, body: dict[str, Any]) -> None:
        if patched:
            self.patch_email(customer)
        if email := self.scenario.email_of(customer):
            self.write(Create(body | {"contactEmail": email}))

    @rule(customer=ids, body=whole_bodies, email=EMAILS, other=ids)
    def upsert(self, customer: str, body: dict[str, Any], email: str, other: str) -> None:
        owner = {"own": customer, "taken": other}.get(email, "")
        address = self.scenario.email_of(owner) or body["contactEmail"]
        self.write(Upsert(customer, body | {"contactEmail": address}))

    @rule(customer=ids, change=changes)
    def patch(self, customer: str, change: dict[str, Any]) -> None:
        self.write(Patch(customer, change))

    @rule(customer=ids, several=st.lists(changes, min_size=2, max_size=3))
    def patch_repeatedly(self, customer: str, several: list[dict[str, Any]]) -> None:
        for change in several:
            self.write(Patch(customer, change))

    @rule(customer=ids)
    def patch_nothing(self, customer: str) -> None:
        self.write(Patch(customer, {}))

    @rule(customer=ids)
    def patch_email(self, customer: str) -> None:
        self.write(Patch(customer, {"contactEmail": namespace.fresh_email()}))

    @rule(customer=ids, position=st.integers(0, 5))
    def change_site(self, customer: str, position: int) -> None:
        """Another site, and another restriction where the tenant has some."""
        sites, restrictions = self.api.rules.sites, (*(self.api.rules.restrictions or ()), None)
        change = {"preferredSite": sites[position % len(sites)]}
        restricted = {"restriction": restrictions[position % len(restrictions)]} if position % 2 else {}
        self.write(Patch(customer, change | restricted))

    @rule(customer=ids, then=AFTER_DELETE)
    def delete(self, customer: str, then: str) -> None:
        """Delete, and write to the deleted customer as if it existed."""
        self.write(Delete(customer))
        if then == "patch":
            self.write(Patch(customer, {"firstName": "Lazarus"}))
        elif then == "upsert":
            self.write(Upsert(customer, customers.plain(company=self.scenario.company)))
        elif then == "delete":
            self.write(Delete(customer))

    @rule()
    def delete_unknown(self) -> None:
        self.write(Delete(namespace.fresh_id()))

    @precondition(lambda self: "reader" in self.api.client.identities())
    @rule(customer=ids, operation=st.sampled_from(("upsert", "patch", "delete")))
    def write_with_read_token(self, customer: str, operation: str) -> None:
        body = customers.plain(firstName="Mallory", company=self.scenario.company)
        writes: dict[str, Operation] = {
            "upsert": Upsert(customer, body),
            "patch": Patch(customer, body),
            "delete": Delete(customer),
        }
        self.written.append(self.scenario.reject_for_reader(writes[operation]).subject)

    @precondition(lambda self: "reader" in self.api.client.identities())
    @rule(customer=ids)
    def get_with_read_token(self, customer: str) -> None:
        self.scenario.check(customer, "reader")

    # -- invariants --------------------------------------------------------------------------------------------

    @invariant()
    def written_customers_are_as_expected(self) -> None:
        for customer in dict.fromkeys(filter(None, self.written)):
            self.scenario.check(customer)
        self.written.clear()

    @invariant()
    def other_customers_are_as_expected(self) -> None:
        number = len(self.scenario.steps)
        if number % 3:
            return
        if not self.api.windows.index:
            self.scenario.check_all_listed("list" if number % 2 else "search")
        elif others := self.scenario.existing_ids:
            self.scenario.check(others[number % len(others)])

    def write(self, operation: Create | Upsert | Patch | Delete) -> str | MultipleResults[str]:
        """Execute a write; the id of its customer for the bundle, none where the tenant has rejected it."""
        step = self.scenario.execute(operation)
        self.written.append(step.subject)
        return step.subject if step.accepted else multiple()

    def teardown(self) -> None:
        """Compare everything, unless the program ends in a failure."""
        if sys.exc_info()[0] is None:
            self.scenario.check_everything()


@randomized
@pytest.mark.parametrize("part", [1, 2, 3])  # as one test, it would decide how long a run with workers takes
@pytest.mark.covers(
    *(f"{operation}.others.unchanged" for operation in (*WRITES, "delete")),
    *(
        f"{operation}.{aspect}"
        for operation in RESULTS
        for aspect in ("agrees-with-get", "complete", "deleted.vanishes")
    ),
    "patch.fields.only-named",
    "upsert.create.status",
    "delete.gone.get",
)
def test_customer_lifecycle(api: TenantApi, run_state_machine: RunStateMachine, part: int) -> None:
    settings = state_machine_settings(gate=2, steps=11, nightly=20)
    run_state_machine(lambda: CustomerLifecycle(api), settings, part)
