"""Whom we ask: settings, tokens, the one client, its guard and ledger, preflight and clean-up."""

from tenant.cleanup import Leftovers, clean_up, clean_up_between
from tenant.client import Client
from tenant.environment import names_a_tenant
from tenant.errors import (
    ConfigurationError,
    GuardError,
    LimitReached,
    Outage,
    PreflightError,
    TenantError,
    TokenError,
    UnsendableError,
    Weather,
)
from tenant.exchange import ABSENT, Absent, Exchange
from tenant.hub import Hub, Line
from tenant.ledger import Ledger
from tenant.preflight import preflight
from tenant.recorder import Recorder
from tenant.redaction import Redactor
from tenant.relayed import RelayedClient, services
from tenant.retry import Patience
from tenant.run import Run
from tenant.settings import Settings, load_contract, load_settings

__all__ = [
    "ABSENT",
    "Absent",
    "Client",
    "ConfigurationError",
    "Exchange",
    "GuardError",
    "Hub",
    "Ledger",
    "Leftovers",
    "LimitReached",
    "Line",
    "Outage",
    "Patience",
    "PreflightError",
    "Recorder",
    "Redactor",
    "RelayedClient",
    "Run",
    "Settings",
    "TenantError",
    "TokenError",
    "UnsendableError",
    "Weather",
    "clean_up",
    "clean_up_between",
    "load_contract",
    "load_settings",
    "names_a_tenant",
    "preflight",
    "services",
]
