"""The dataset: a few customers that one query selects, with which tests check paging, sorting, q and expand."""

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import oracle
from client import Exchange
from harness.api import DATASET, TenantApi
from harness.checks.assertions import assert_same_customers, assert_status
from harness.checks.customers import check_customer, poll_get, poll_query
from harness.checks.evidence import clause, current_record
from harness.customers import create_customer, patch_customer, upserted
from harness.data import permitted
from spec import Mismatch
from strategies import customers, namespace

LETTERS = "dbgaehcf"
"""First names sort in another order than ids and dates of creation."""
POINTS = (3, 10, 200, 30, 45, -9, 30.5, 1000)
"""Numbers that sort in another order as texts, one of them negative, and one between two integers."""
MIDDLE_NAMES = ("f", "B", "a", "é")
"""Letters that collations sort in different orders."""
_COMMON = {"type": "CONTACT", "preferredLanguage": "de_DE", "preferredCurrency": "GBP"}
_EXCEPTIONS = {2: {"type": "CUSTOMER"}, 3: {"preferredLanguage": "fr_FR"}, 4: {"preferredCurrency": "EUR"}}
"""Values that all members share, but for one member each, by position."""
_UNRESTRICTED = 6
"""The member without a restriction, where the tenant has restrictions."""
PHONE_OF_DIGITS = 4
"""The member whose telephone number has leading zeros and digits only."""


@dataclass(frozen=True)
class Member:
    """One customer of the dataset: its model, the body that it was created with, and what get shows of it."""

    customer: oracle.CustomerModel
    body: dict[str, Any]
    shown: dict[str, Any]

    @property
    def id(self) -> str:
        """The id of the customer."""
        return self.customer.id

    @property
    def email(self) -> str:
        """The e-mail address of the customer."""
        return str(self.body["contactEmail"])


@dataclass(frozen=True)
class Dataset:
    """The members share a company, the tag, which no other customer of the tenant has.

    First names are unique and sort alike in every collation, but not by length; half of the members have a title, and
    one an empty one; two last names divide them; flags, registration ids and points differ.
    """

    tag: str
    members: tuple[Member, ...] = field(compare=False)
    created_at: float = field(compare=False)
    """When the last member was created (monotonic)."""
    complete: dict[str, Exchange] = field(default_factory=dict, compare=False)
    """The responses of list and search that have shown the whole dataset."""

    def __repr__(self) -> str:
        return f"<Dataset {self.tag}>"

    def _repr_pretty_(self, printer: Any, _cycle: bool) -> None:
        """As of `TenantApi`."""
        printer.text(repr(self))

    @property
    def q(self) -> str:
        """The query that selects the dataset."""
        return f"company:{self.tag}"

    @property
    def ids(self) -> list[str]:
        """The ids of the members, in the order of creation."""
        return [each.id for each in self.members]

    @property
    def names(self) -> dict[str, str]:
        """A short name for each member by id, for mismatches."""
        return {each.id: str(each.body["firstName"]).removeprefix(self.tag) for each in self.members}

    @property
    def common(self) -> dict[str, str]:
        """Values that seven members share; each value has another member as its exception."""
        values = self.members[0].body
        return {name: values[name] for name in (*_COMMON, "restriction") if name in values}

    def and_(self, condition: str) -> str:
        """The query that selects the members that match a further condition."""
        return f"{self.q} {condition}"

    def values(self, name: str) -> list[Any]:
        """The values of a property, in the order of creation."""
        return [each.body.get(name) for each in self.members]

    def models(self, ids: Iterable[str] | None = None) -> list[oracle.CustomerModel]:
        """The models of the members with these ids, by default of all."""
        wanted = None if ids is None else set(ids)
        return [each.customer for each in self.members if wanted is None or each.id in wanted]


def shared_dataset(api: TenantApi) -> Dataset:
    """The dataset of the run, created when the first test uses it; the failure of its creation fails each test."""
    current_record().uses.add(DATASET)
    shared: Dataset | Mismatch | None = api.known.shared.get(DATASET)
    if isinstance(shared, Mismatch):
        with clause(shared.clause):
            raise shared.owned_by(shared.clause)
    if shared is None:
        try:
            shared = create_dataset(api)
        except Mismatch as mismatch:
            api.known.shared[DATASET] = mismatch
            raise
        api.known.shared[DATASET] = shared
    return shared


def create_dataset(api: TenantApi) -> Dataset:
    """Create the dataset; the last member by upsert, the others by create and patch."""
    tag = namespace.fresh_id().replace("-", "")
    emails = [namespace.fresh_email() for _ in LETTERS]  # numbered, and assigned in another order
    members = tuple(
        _member(api, tag, position, letter, emails[position * 3 % len(LETTERS)])
        for position, letter in enumerate(LETTERS)
    )
    return Dataset(tag, members, time.monotonic())


def poll_dataset(api: TenantApi, dataset: Dataset, operation: str, **options: Any) -> Exchange:
    """The whole dataset by list or search within the window of results: the precondition of tests of results.

    Without further parameters one request for each operation is enough for the whole run.
    """
    api.windows.index.sleep_until_closed(dataset.created_at)  # replicas may respond in turn until then
    if not options and operation in dataset.complete:
        return dataset.complete[operation]
    response = poll_members(api, dataset, operation, dataset.q, **options)
    check_members(response, dataset, None, f"{operation}.q.exact")
    if not options:
        dataset.complete[operation] = response
    return response


def poll_members(
    api: TenantApi,
    dataset: Dataset,
    operation: str,
    q: str,
    expected: Iterable[str] | None = None,
    **options: Any,
) -> Exchange:
    """A query, repeated until it selects the members with the expected ids, by default all."""
    wanted = sorted(model.id for model in dataset.models(expected))
    return poll_query(api, operation, q, until=lambda found: sorted(found.ids) == wanted, **options)


def check_members(
    response: Exchange, dataset: Dataset, expected: Iterable[str] | None, clause_id: str, *, about: str = ""
) -> None:
    """The result has exactly the members with the expected ids, by default all."""
    with clause(clause_id, about):
        assert_status(response, 200)
        assert_same_customers(response, dataset.models(expected), names=dataset.names)


def _member(api: TenantApi, tag: str, position: int, letter: str, email: str) -> Member:
    body = permitted(api, _body(tag, position, letter, email))
    if api.rules.restrictions and position != _UNRESTRICTED:
        body["restriction"] = api.rules.restrictions[0]
    last = position == len(LETTERS) - 1
    if last and api.custom_ids:
        new_id = namespace.fresh_id()
        customer = upserted(api, api.upsert(new_id, body | {"active": False, "onHold": True}), new_id)
    else:
        change = {"active": position % 4 != 0, "onHold": position % 4 == 1, "firstName": body["firstName"]}
        # An index of former values would show in the order and in what q finds.
        former = body | {"firstName": f"{tag}{LETTERS[-1 - position]}"}
        customer = patch_customer(api, create_customer(api, former), change)
    response = poll_get(api, customer)
    return Member(check_customer(api, response, customer), body, response.object)


def _digits(tag: str) -> str:
    """A text of digits for a tag, which a tenant may take for a number."""
    return str(int.from_bytes(tag[-6:].encode()))


def _body(tag: str, position: int, letter: str, email: str) -> dict[str, Any]:
    body = customers.plain(
        contactEmail=email.replace("@", "+tag@") if position == 1 else email,
        company=tag,
        firstName=f"{tag}{letter}{'z' * (position * 3 % 5)}",
        middleName=f"{tag}{MIDDLE_NAMES[position % len(MIDDLE_NAMES)]}",
        lastName=f"{tag}{'b' if position % 3 else 'k'}",
        contactPhone=f"+49 30 {1000 + position * 3 % len(LETTERS)}",
        b2b={"companyRegistrationId": _digits(tag) if position == 1 else f"{tag}reg{position}"},
        mixins={
            tag: {
                "points": POINTS[position],
                "name": f"{tag}m{position}",
                "deep": {"name": f"{tag}m{position}"},
            }
        },
        **_COMMON | _EXCEPTIONS.get(position, {}),
    )
    if position == PHONE_OF_DIGITS:
        body["contactPhone"] = f"0049301{position}"
    if position == 2:
        body["title"] = ""
    if position % 2:
        number = position * 5 % len(LETTERS)
        body["title"] = f"{tag}title{number}{'x' * 120 if position == len(LETTERS) - 1 else ''}"
    return body
