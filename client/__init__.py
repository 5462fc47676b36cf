"""The client of a tenant: configuration, authentication, transports, guard and ledger, preflight and clean-up."""

from client.api import CustomerApi
from client.client import Client
from client.config.environment import names_a_tenant
from client.config.settings import Settings, load_settings, load_tenant_config
from client.errors import (
    BudgetExceeded,
    ConfigurationError,
    ContractError,
    GuardError,
    PreflightError,
    ServiceUnavailable,
    TenantError,
    TokenError,
    TransientError,
    UnsendableError,
)
from client.exchange import ABSENT, Absent, Exchange
from client.lifecycle.cleanup import CleanupResult, clean_up, clean_up_between, delete_outstanding
from client.lifecycle.ledger import Ledger
from client.lifecycle.preflight import preflight
from client.lifecycle.run import Run
from client.redaction import Redactor
from client.transport.guard import permits_companies
from client.transport.recorder import Recorder
from client.transport.retry import RetryPolicy

__all__ = [
    "ABSENT",
    "Absent",
    "BudgetExceeded",
    "CleanupResult",
    "Client",
    "ConfigurationError",
    "ContractError",
    "CustomerApi",
    "Exchange",
    "GuardError",
    "Ledger",
    "PreflightError",
    "Recorder",
    "Redactor",
    "RetryPolicy",
    "Run",
    "ServiceUnavailable",
    "Settings",
    "TenantError",
    "TokenError",
    "TransientError",
    "UnsendableError",
    "clean_up",
    "clean_up_between",
    "delete_outstanding",
    "load_settings",
    "load_tenant_config",
    "names_a_tenant",
    "permits_companies",
    "preflight",
]
