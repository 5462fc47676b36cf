"""Whom we ask: settings, tokens, the one client, its guard and ledger, preflight and clean-up."""

from client.client import Client
from client.config.environment import names_a_tenant
from client.config.settings import Settings, load_contract, load_settings
from client.errors import (
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
from client.exchange import ABSENT, Absent, Exchange
from client.lifecycle.cleanup import Leftovers, clean_up, clean_up_between
from client.lifecycle.ledger import Ledger
from client.lifecycle.preflight import preflight
from client.lifecycle.run import Run
from client.redaction.redactor import Redactor
from client.transport.recorder import Recorder
from client.transport.retry import Patience
from client.workers.controller import Hub, Line
from client.workers.relayed_client import RelayedClient, services

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
