"""What can go wrong between the suite and a tenant, apart from what the tenant answers."""

from functools import partial
from typing import Any


class TenantError(Exception):
    """Trouble that is ours or the network's; no verdict about the tenant follows from it."""


class ConfigurationError(TenantError):
    """The environment or tenant.toml cannot be used; one sentence names the place and the remedy."""


class GuardError(TenantError):
    """A request was not sent, because it could touch what this run does not own."""


class UnsendableError(TenantError):
    """A request was not sent, because no HTTP message can carry it (RFC 9112)."""


class BudgetExceeded(TenantError):
    """A bound of [safety] ends the run; what is left of it was not assessed."""


class TokenError(TenantError):
    """The token endpoint gives no token.

    `status` is its HTTP status, `code` the `error` member of RFC 6749 section 5.2 where it has one.
    """

    def __init__(self, sentence: str, *, status: int, code: str | None) -> None:
        super().__init__(sentence)
        self.status = status
        self.code = code

    def __reduce__(self) -> Any:
        return partial(TokenError, status=self.status, code=self.code), self.args


class PreflightError(TenantError):
    """The tenant cannot be assessed as configured; one sentence says what to do."""


class TransientError(TenantError):
    """Network or gateway trouble that could not be waited out; repeat the whole example with fresh ids."""


class ServiceUnavailable(TransientError):
    """The tenant has not answered properly for several requests in a row; the run should end."""
