"""What can go wrong between the suite and a tenant, apart from the responses of the tenant."""

from typing import Any

from client.exchange import Exchange


class TransportError(Exception):
    """An attempt without a complete response; `sent` is false where the tenant cannot have seen the request.

    It stays within the transports: a caller gets a TransientError once no attempt is left.
    """

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


class TenantError(Exception):
    """An error of the suite or of the network, from which no verdict follows, except for ContractError."""


class ConfigurationError(TenantError):
    """The environment or tenant.toml cannot be used; one sentence names the place and the remedy."""


class LedgerLocked(TenantError):
    """The run of a ledger is still in progress."""


class GuardError(TenantError):
    """A request was not sent, because it could change what this run does not own."""


class UnsendableError(TenantError):
    """A request was not sent, because no HTTP message can carry it (RFC 9112)."""


class BudgetExceeded(TenantError):
    """A limit of [safety] ends the run; the rest of the run is not assessed."""


class TokenError(TenantError):
    """The token endpoint issues no token.

    `status` is its HTTP status, `code` the `error` member of RFC 6749 section 5.2 where it has one.
    """

    def __init__(self, sentence: str, status: int = 0, code: str | None = None) -> None:
        super().__init__(sentence)  # pickle restores the other attributes
        self.status = status
        self.code = code


class ContractError(TenantError):
    """A response breaks the contract in a way that prevents the run.

    Unlike the other errors it is a verdict about the tenant: `clause` (an id of the catalogue) fails, and
    `exchange` is the evidence. `expected` and `actual` are phrases. Pickled, it is a TenantError with the same
    sentence, because an exchange belongs to its process.
    """

    def __init__(self, clause: str, exchange: Exchange, expected: str, actual: str) -> None:
        super().__init__(clause, exchange, expected, actual)
        self.clause = clause
        self.exchange = exchange
        self.expected = expected
        self.actual = actual

    def __str__(self) -> str:
        return f"{self.clause} fails: expected {self.expected}, received {self.actual}."

    def __reduce__(self) -> Any:
        return TenantError, (str(self),)


class PreflightError(TenantError):
    """The tenant cannot be assessed as configured; one sentence names the remedy."""


class TransientError(TenantError):
    """A fault of the network or a gateway that outlasted all retries; repeat the whole example with fresh ids."""


class ServiceUnavailable(TransientError):
    """Several requests in a row got no proper response; the run should end."""
