"""Fitting a question to one tenant: valid values are made of what the tenant has and of what is the run's."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from client import ABSENT
from harness.schemathesis.document import parameters, properties
from harness.schemathesis.expected_rejections import breaches, certain
from harness.schemathesis.request_spec import Question
from harness.tenant_under_test import TenantUnderTest
from strategies import currencies, namespace, queries
from strategies.namespace import LONGEST_ID

Value = TypeVar("Value")
LARGEST_PAGE = 60
LONGEST_TEXT = 2048
SORTS = ("lastName:desc", "firstName", "company:asc", "metadataCreatedAt:desc", "contactEmail")
EXPANSIONS = (",".join(queries.EXPANDS), *queries.EXPANDS)
LANGUAGES = ("en_US", "de_DE", "sv_SE", "en")
TYPES = ("CUSTOMER", "CONTACT")
PHOTOS = ("https://example.com/ada.png", "https://example.org/b.jpg?size=2")
PHONES = ("+46 8 123 456 78", "030 901820")


def first(options: Sequence[Value]) -> Value:
    """The choice of a question that is asked in one way only."""
    return options[0]


@dataclass(frozen=True)
class Fitting:
    """Makes questions answerable by one tenant; `email` is the address of a customer that it has."""

    tenant: TenantUnderTest
    email: str
    choose: Callable[[Sequence[Any]], Any] = first

    def fitted(self, question: Question) -> Question:
        """The question with the same breaches, and with valid values wherever it breaks nothing."""
        broken = {each.part for each in breaches(question)}
        return replace(question, query=self._query(question), body=self._body(question, broken))

    def _query(self, question: Question) -> dict[str, tuple[str, ...]]:
        query = dict(question.query)
        for name, options in (("q", self._qs()), ("sort", SORTS), ("expand", EXPANSIONS)):
            if name in query:
                query[name] = (self.choose(options),)
        for name in ("pageNumber", "pageSize"):
            if name in query and not _breaks(question, name):
                query[name] = (str((int(query[name][0]) - 1) % LARGEST_PAGE + 1),)
        # A page number without a page size is left open by the contract, and no mail is provoked.
        if "pageNumber" in query:
            query.setdefault("pageSize", ("20",))
        flag = "sendPasswordResetNotifications"
        if flag in parameters(question.operation) and not _breaks(question, flag, certainly=True):
            query[flag] = ("false",)
        return query

    def _qs(self) -> tuple[str, ...]:
        return (
            queries.exact("contactEmail", self.email),
            queries.all_of(queries.boolean("active", True), queries.boolean("onHold", False)),
            queries.any_of("preferredCurrency", ("SEK", "EUR")),
            queries.exists("company"),
            queries.null("restriction"),
            queries.regex("lastName", "Love"),
        )

    def _body(self, question: Question, broken: set[str]) -> Any:
        body, operation = question.body, question.operation
        if not isinstance(body, dict):
            return body
        known = properties(operation, question.media_type)
        fitted = {}
        for name, value in body.items():
            if name not in known:
                continue
            made = self._broken(name, value) if name in broken else self._value(name, value)
            if made is not ABSENT:
                fitted[name] = made
        if operation in ("create", "upsert") and fitted:
            fitted.setdefault("contactEmail", namespace.fresh_email())
            fitted.setdefault("lastName", "Lovelace")
        return fitted

    def _broken(self, name: str, value: Any) -> Any:
        """A broken value as it is, but for an id: a tenant that takes it makes a customer of this run."""
        if name != "id" or not isinstance(value, str) or not value:
            return value
        ours = namespace.fresh_id() + value
        return ours[: len(value)] if len(value) > LONGEST_ID and value.isalnum() else ours

    def _value(self, name: str, value: Any) -> Any:
        rules = self.tenant.rules
        if value is None:
            return value
        match name:
            case "contactEmail":
                return namespace.fresh_email()
            case "id":
                return self._id(value)
            case "password":
                return namespace.fresh_password()
            case "q":
                return self.choose(self._qs())
            case "preferredSite":
                return self.choose(rules.sites)
            case "restriction":
                return self.choose(rules.restrictions) if rules.restrictions else ABSENT
            case "mixins":
                return {namespace.fresh_name(): {"points": 120}} if value else {}
            case "metadata":
                return {"mixins": {}} if "mixins" in value else {}
            case "b2b":
                return {key: _plain(text) for key, text in value.items() if key == "companyRegistrationId"}
        if name in _CHOICES:
            return value if value in _CHOICES[name] else self.choose(_CHOICES[name])
        return _plain(value) if isinstance(value, str) else value

    def _id(self, value: str) -> Any:
        if not self.tenant.custom_ids:
            return ABSENT
        fresh = namespace.fresh_id()
        return fresh if len(value) <= len(fresh) else namespace.fresh_id(length=len(value))


_CHOICES: Mapping[str, tuple[str, ...]] = {
    "preferredLanguage": LANGUAGES,
    "preferredCurrency": ("SEK", "EUR", "USD", *currencies.CODES[:4]),
    "type": TYPES,
    "photoUrl": PHOTOS,
    "contactPhone": PHONES,
}


def _breaks(question: Question, parameter: str, *, certainly: bool = False) -> bool:
    found = breaches(question)
    return any(each.clause.split(".")[1] == parameter for each in (certain(found) if certainly else found))


def _plain(text: str) -> str:
    """The text without characters that a tenant may refuse: controls, surrogates, those not assigned."""
    return "".join(each for each in text if unicodedata.category(each)[0] != "C")[:LONGEST_TEXT]
