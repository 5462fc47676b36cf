"""A family: a few customers of this run that one query selects, on which paging, sorting and q are judged."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.answers import Answer
from harness.customer import Customer
from harness.exchange_utils import ids_shown, sent_body
from harness.polling import settled
from harness.tenant_under_test import TenantUnderTest
from harness.triage import hides
from spec import Violation
from strategies import customers, namespace

LETTERS = "dbgaehcf"
"""The order of first names differs from the order of creation, in which ids and dates run."""
POINTS = (3, 10, 200, 30, 45, 9, 100, 1000)
"""Numbers that another order puts elsewhere when it takes them for texts."""
EXPAND = "mixin:*"


@dataclass(frozen=True)
class Dataset:
    """The members share a company, their surname, which nobody else on the tenant has.

    Each has a first name of its own, which every collation sorts alike and length sorts otherwise; half have
    a title, and one an empty one; two last names divide them; flags, registration ids and points are mixed.
    """

    surname: str
    members: tuple[Customer, ...]
    gathered: dict[str, Answer] = field(default_factory=dict)

    @property
    def q(self) -> str:
        """The query that selects the family."""
        return f"company:{self.surname}"

    def and_(self, condition: str) -> str:
        """The query that selects those of the family that match the condition too."""
        return f"{self.q} {condition}"

    def found(self, answer: Answer) -> list[str]:
        """The ids of the members in a result, in its order."""
        ids = {member.id for member in self.members}
        return [each for each in answer.ids if each in ids]

    def values(self, name: str) -> list[Any]:
        """What the members were given as this property, in the order of creation."""
        return [member.body.get(name) for member in self.members]


def create_dataset(tenant: TenantUnderTest) -> Dataset:
    """Make a family; each member is made by create or by upsert, and some are patched into shape."""
    surname = namespace.fresh_id().replace("-", "")
    members = [_member(tenant, surname, position, letter) for position, letter in enumerate(LETTERS)]
    for member in members:
        tenant.get(member, expand=EXPAND).must_show(expand=(EXPAND,))
    return Dataset(surname, tuple(members))


def _member(tenant: TenantUnderTest, surname: str, position: int, letter: str) -> Customer:
    body = customers.plain(
        company=surname,
        firstName=f"{surname}{letter}{'z' * (position * 3 % 5)}",
        middleName=f"{surname}é",
        lastName=f"{surname}{'x' if position % 3 else 'y'}",
        contactPhone=f"+49 30 {1000 + position}",
        b2b={"companyRegistrationId": f"{surname}reg{position}"},
        mixins={surname: {"points": POINTS[position], "name": f"{surname}m{position}"}},
    )
    if position == 1:
        body["contactEmail"] = namespace.fresh_email().replace("@", "+tag@")
    if position == 2:
        body["title"] = ""
    if position % 2:
        body["title"] = f"{surname}title{position}{'x' * 120 if position == len(LETTERS) - 1 else ''}"
    if position == len(LETTERS) - 1 and tenant.custom_ids:
        new_id = tenant.unknown_id()
        return tenant.upserted(tenant.upsert(new_id, body | {"active": True, "onHold": True}), new_id)
    member = tenant.has(body)
    tenant.patched(tenant.patch(member, {"active": position % 4 != 0, "onHold": position % 4 == 1}), member)
    return member


def gathered(tenant: TenantUnderTest, family: Dataset, operation: str, **how: Any) -> Answer:
    """The whole family by its query, seen to be complete: the arrangement of every question about results.

    Once a tenant has shown the family in full, it is not asked again, unless there is more to see.
    """
    if not how and operation in family.gathered:
        return family.gathered[operation]

    def complete() -> Answer:
        answer = tenant.query(operation, family.q, page_number=1, page_size=50, **how).must_answer(200)
        judge_members(answer, family, family.members, f"{operation}.q.exact")
        return answer

    answer = settled(tenant.windows.index, complete)
    if not how:
        family.gathered[operation] = answer
    return answer


def judge_members(
    answer: Answer, family: Dataset, expected: Iterable[Customer], clause: str, about: str = ""
) -> None:
    """Demand exactly these members, each once, and nobody of another family."""
    wanted = sorted(member.id for member in expected)
    found = sorted(answer.ids)
    if found != wanted:
        names = {
            member.id: str(member.body["firstName"]).removeprefix(family.surname) for member in family.members
        }

        def violation(name: str) -> Violation:
            return Violation(
                name,
                expected=f"the members {_names(wanted, names)}",
                actual=f"{_names(found, names)}" if found else "nobody",
                detail=about,
            )

        suspected = violation(clause)
        suspected.diagnosed = lambda: violation(_why(answer, family, {*wanted}, clause))
        raise suspected
    answer.tenant.trial.credit(clause, *([about] if about else []))


def _why(answer: Answer, family: Dataset, wanted: set[str], clause: str) -> str:
    """The clause that a result breaks: its own, unless members are only missing for once, or from everywhere.

    Where list answers the same question rightly, search does not find what list finds.
    """
    tenant, operation = answer.tenant, answer.exchange.operation
    missing = wanted - {*answer.ids}
    if not missing or {*answer.ids} - wanted:
        return clause
    if operation in family.gathered and sorted(ids_shown(answer.ask())) == sorted(wanted):
        return f"{operation}.flicker"
    if any(hides(tenant, operation, member) for member in family.members if member.id in missing):
        return f"{operation}.complete"
    q = sent_body(answer.exchange).get("q")
    if operation == "search" and q == family.q and {*tenant.list(q=q, page_size=50).ids} == wanted:
        name = "search.q.equals-list"
        tenant.trial.broke(answer.violation(name, expected="the customers that list finds", about=q))
    return clause


def _names(ids: Sequence[str], names: dict[str, str]) -> str:
    told = [names.get(each, f"a stranger ({each})") for each in ids]
    return ", ".join(told[:12]) + (" …" if len(told) > 12 else "")
