"""Programs of many steps on several customers at once: every operation a step, the oracle their model."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    MultipleResults,
    RuleBasedStateMachine,
    get_state_machine_test,
    initialize,
    multiple,
    precondition,
    rule,
)

from harness import TenantUnderTest, clause, drawn
from harness.plugin import profiles
from harness.plugin.run import Run
from harness.scenario import Scenario
from oracle import Create, Delete, Patch, Upsert
from spec import Violation
from strategies import customers, namespace

NAMESAKES = st.sampled_from(("Lovelace", "Hopper"))
AT_ONCE = 4
"""Customers that a program has at most at any time."""

LOOKS = st.sampled_from(("changed", "everybody"))
RETURNS = st.sampled_from(("", "patch", "upsert", "delete"))
ADDRESSES = st.sampled_from(("fresh", "own", "taken"))
WRITES = ("create", "upsert", "patch", "delete")


def bodies(operation: str) -> st.SearchStrategy[dict[str, Any]]:
    """Plain valid bodies that fit the tenant; whoever has one belongs to the program's customers."""
    company = st.runner().map(lambda machine: machine.course.company)
    part = {} if operation == "patch" else {"company": company, "lastName": NAMESAKES}
    without = ("company", "contactEmail") if operation == "patch" else ("id",)
    return st.runner().flatmap(
        lambda machine: machine.tenant.bodies(
            operation, conservative=True, longest=40, without=without, **part
        )
    )


class Workflow(RuleBasedStateMachine):
    """Several customers of one company. `ids` holds all of them, so that programs return to deleted ones."""

    ids = Bundle("ids")

    def __init__(self, tenant: TenantUnderTest) -> None:
        super().__init__()
        self.tenant = tenant
        self.course = Scenario(tenant)
        self.sound = True

    # -- making customers ----------------------------------------------------------------------------

    @initialize(target=ids, body=bodies("create"))
    def the_first_is_created(self, body: dict[str, Any]) -> str | MultipleResults[str]:
        return self.writes(Create(body), "changed") or multiple()

    @initialize(target=ids, body=bodies("upsert"))
    def the_second_is_upserted(self, body: dict[str, Any]) -> str | MultipleResults[str]:
        return self.writes(Upsert(namespace.fresh_id(), body), "changed") or multiple()

    @precondition(lambda self: len(self.course.living) < AT_ONCE)
    @rule(target=ids, body=bodies("create"), custom=st.booleans(), look=LOOKS)
    def create(self, body: dict[str, Any], custom: bool, look: str) -> str | MultipleResults[str]:
        named = {"id": namespace.fresh_id()} if custom and self.tenant.custom_ids else {}
        return self.writes(Create(body | named), look) or multiple()

    @precondition(lambda self: len(self.course.living) < AT_ONCE)
    @rule(target=ids, body=bodies("upsert"), look=LOOKS)
    def upsert_new(self, body: dict[str, Any], look: str) -> str | MultipleResults[str]:
        return self.writes(Upsert(namespace.fresh_id(), body), look) or multiple()

    # -- what others have, and what is gone ----------------------------------------------------------

    @precondition(lambda self: self.tenant.custom_ids)
    @rule(customer=ids, body=bodies("create"), look=LOOKS)
    def create_with_the_id_of(self, customer: str, body: dict[str, Any], look: str) -> None:
        self.writes(Create(body | {"id": customer}), look)

    @rule(customer=ids, renewed=st.booleans(), body=bodies("create"), look=LOOKS)
    def create_with_the_address_of(
        self, customer: str, renewed: bool, body: dict[str, Any], look: str
    ) -> None:
        if renewed:
            self.patch_the_address(customer, look)
        if email := self.course.email_of(customer):
            self.writes(Create(body | {"contactEmail": email}), look)

    # -- changing customers, there or gone -----------------------------------------------------------

    @rule(customer=ids, body=bodies("upsert"), address=ADDRESSES, other=ids, look=LOOKS)
    def upsert(self, customer: str, body: dict[str, Any], address: str, other: str, look: str) -> None:
        owner = {"own": customer, "taken": other}.get(address, "")
        email = self.course.email_of(owner) or body["contactEmail"]
        self.writes(Upsert(customer, body | {"contactEmail": email}), look)

    @rule(customer=ids, change=bodies("patch"), look=LOOKS)
    def patch(self, customer: str, change: dict[str, Any], look: str) -> None:
        self.writes(Patch(customer, change), look)

    @rule(customer=ids, changes=st.lists(bodies("patch"), min_size=2, max_size=3), look=LOOKS)
    def patch_repeatedly(self, customer: str, changes: list[dict[str, Any]], look: str) -> None:
        for change in changes:
            self.writes(Patch(customer, change), look)

    @rule(customer=ids, look=LOOKS)
    def patch_nothing(self, customer: str, look: str) -> None:
        self.writes(Patch(customer, {}), look)

    @rule(customer=ids, look=LOOKS)
    def patch_the_address(self, customer: str, look: str) -> None:
        self.writes(Patch(customer, {"contactEmail": namespace.fresh_email()}), look)

    @rule(customer=ids, position=st.integers(0, 5), look=LOOKS)
    def move(self, customer: str, position: int, look: str) -> None:
        """To another site, and to another restriction where the tenant has some."""
        sites, restrictions = self.tenant.rules.sites, (*(self.tenant.rules.restrictions or ()), None)
        change = {"preferredSite": sites[position % len(sites)]}
        restricted = {"restriction": restrictions[position % len(restrictions)]} if position % 2 else {}
        self.writes(Patch(customer, change | restricted), look)

    @rule(customer=ids, back=RETURNS, look=LOOKS)
    def delete(self, customer: str, back: str, look: str) -> None:
        """And come back to whom it was, as if it were still there."""
        self.writes(Delete(customer), look)
        if back == "patch":
            self.writes(Patch(customer, {"firstName": "Lazarus"}), look)
        elif back == "upsert":
            self.writes(Upsert(customer, customers.plain(company=self.course.company)), look)
        elif back == "delete":
            self.writes(Delete(customer), look)

    @rule(look=LOOKS)
    def delete_nobody(self, look: str) -> None:
        self.writes(Delete(namespace.fresh_id()), look)

    @precondition(lambda self: "reader" in self.tenant.client.identities())
    @rule(customer=ids, operation=st.sampled_from(WRITES[1:]), look=LOOKS)
    def trespass(self, customer: str, operation: str, look: str) -> None:
        """A token that may only read changes nobody."""
        body = customers.plain(firstName="Mallory", company=self.course.company)
        writes: dict[str, Upsert | Patch | Delete] = {
            "upsert": Upsert(customer, body),
            "patch": Patch(customer, body),
            "delete": Delete(customer),
        }
        self.sound = False
        self.course.refuses_to_reader(writes[operation])
        self.looks(look, customer)
        self.sound = True

    # -- reading -------------------------------------------------------------------------------------

    @rule(customer=ids, reader=st.booleans())
    def get(self, customer: str, reader: bool) -> None:
        self.sound = False
        may = reader and "reader" in self.tenant.client.identities()
        self.course.sees(customer, "reader" if may else None)
        self.sound = True

    @rule(operation=st.sampled_from(("list", "search")))
    def find(self, operation: str) -> None:
        self.sound = False
        self.course.sees_everybody(operation)
        self.sound = True

    # -- judging -------------------------------------------------------------------------------------

    def writes(self, operation: Create | Upsert | Patch | Delete, look: str) -> str:
        """Do it and look; the customer's id, empty where the tenant refused to make one."""
        self.sound = False
        step = self.course.does(operation)
        self.looks(look, step.subject)
        self.sound = True
        return step.subject if step.accepted else ""

    def looks(self, look: str, changed: str) -> None:
        """At the customer that was changed, or at all of them; where lists are late, at one more."""
        if look == "everybody" and self.tenant.windows.index == 0:
            self.course.sees_everybody("list" if len(self.course.steps) % 2 else "search")
            return
        others = [each for each in self.course.living if each != changed]
        if changed:
            self.course.sees(changed)
        if look == "everybody" and others:
            self.course.sees(others[len(self.course.steps) % len(others)])

    def teardown(self) -> None:
        """Compare the whole world, unless the program ended in a fault; then nobody knows what is there."""
        if self.sound:
            self.course.sees_the_world()


@drawn
@clause(
    "create.others.unchanged",
    "upsert.others.unchanged",
    "patch.others.unchanged",
    "delete.others.unchanged",
    "patch.fields.only-named",
    "upsert.create.status",
    "delete.gone.get",
    "list.agrees-with-get",
    "list.complete",
    "list.deleted.vanishes",
    "search.agrees-with-get",
    "search.complete",
    "search.deleted.vanishes",
)
def test_programs_of_many_steps(tenant: TenantUnderTest, run: Run) -> None:
    settings = profiles.programs(gate=5, steps=15, nightly=60)
    machine: Any = lambda: Workflow(tenant)  # noqa: E731
    program: Any = get_state_machine_test(machine, settings=settings)
    program.hypothesis.inner_test = run.plugin.discarding(program.hypothesis.inner_test, only_minimal=True)
    try:
        program()
    except Violation as violation:
        steps = "\n".join(getattr(violation, "__notes__", ()))
        run.plugin.trial().broke(violation, example=run.client.redactor.text(steps))
        raise
