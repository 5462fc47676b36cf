"""Whom we ask: settings, tokens, the one client, its guard and ledger, preflight and clean-up."""

from client.client import Client
from client.config.environment import names_a_tenant
from client.config.settings import Settings, load_settings, load_tenant_config
from client.errors import (
    BudgetExceeded,
    ConfigurationError,
    GuardError,
    PreflightError,
    ServiceUnavailable,
    TenantError,
    TokenError,
    TransientError,
    UnsendableError,
)
from client.exchange import ABSENT, Absent, Exchange
from client.lifecycle.cleanup import Leftovers, clean_up, clean_up_between
from client.lifecycle.ledger import Ledger
from client.lifecycle.preflight import preflight
from client.lifecycle.run import Run
from client.redaction.redactor import Redactor
from client.transport.recorder import Recorder
from client.transport.retry import RetryPolicy
from client.workers.controller import Hub, Line
from client.workers.relayed_client import RelayedClient, services

__all__ = [
    "ABSENT",
    "Absent",
    "BudgetExceeded",
    "Client",
    "ConfigurationError",
    "Exchange",
    "GuardError",
    "Hub",
    "Ledger",
    "Leftovers",
    "Line",
    "PreflightError",
    "Recorder",
    "Redactor",
    "RelayedClient",
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
    "load_settings",
    "load_tenant_config",
    "names_a_tenant",
    "preflight",
    "services",
]
