"""The failed check that triage analyses."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

import oracle
from client import Exchange
from harness.api import TenantApi
from spec import Mismatch, OneOf

ARGUMENTS: Final = {"sort": "sort", "expand": "expand", "pageNumber": "page_number", "pageSize": "page_size"}
"""The argument of the driver for each query parameter but q."""
FORMS: Final = frozenset(' ~<>()"')
"""Characters of the conditions that are not exact ones."""
WORDS: Final = frozenset({"true", "false", "null", "exists", "missing"})
"""Values of conditions that are not exact ones."""


@dataclass(frozen=True)
class FailedCheck:
    """A mismatch, the exchange that shows it, and a driver of the same identity that counts its requests."""

    api: TenantApi
    mismatch: Mismatch
    exchange: Exchange

    @property
    def clause(self) -> str:
        """The clause of the check."""
        return self.mismatch.clause

    @property
    def operation(self) -> str:
        """The operation of the exchange."""
        return self.exchange.operation

    @property
    def customers(self) -> tuple[oracle.CustomerModel, ...]:
        """The models of the customers that the response should have shown."""
        return self.mismatch.customers

    @property
    def id_in_path(self) -> str:
        """The last segment of the path."""
        return unquote(urlsplit(self.exchange.url).path.rpartition("/")[2])

    @property
    def q(self) -> str:
        """The query; empty where there is none."""
        return str(self.exchange.query.get("q", self.exchange.sent.get("q", "")))

    @property
    def options(self) -> dict[str, str]:
        """The other parameters of the request, as arguments of the driver."""
        sent = self.exchange.query
        return {argument: sent[name] for name, argument in ARGUMENTS.items() if name in sent}

    @property
    def lacks_404(self) -> bool:
        """Whether the response should have been a 404 and is another one."""
        expected = self.mismatch.expected
        permitted = expected.values if isinstance(expected, OneOf) else (expected,)
        return 404 in permitted and self.exchange.status != 404

    def again(self) -> Exchange:
        """The same list or search once more."""
        return self.api.query(self.operation, self.q or None, **self.options)


def is_exact(condition: str) -> bool:
    """Whether a condition is the name of a property, a colon and a value, and no flag or word of another form."""
    name, colon, value = condition.partition(":")
    return bool(colon) and not FORMS & {*condition} and "." not in name and value not in WORDS


def is_any_of(condition: str) -> bool:
    """Whether a condition is the name of a property, a colon and several values in parentheses."""
    return ":(" in condition and not {*"~<> "} & {*condition}


def is_flag(condition: str) -> bool:
    """Whether a condition is the name of a property, a colon and true or false."""
    return condition.partition(":")[2] in ("true", "false")
