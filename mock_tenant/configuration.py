"""The configuration of the mock tenant, read from a tenant.toml."""

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

DEFAULT_TENANT_CONFIG = Path(__file__).with_name("tenant.toml")
SUITE_TABLE = "safety"
"""The table of a tenant.toml whose other keys configure only the suite."""
WINDOWS = ("read", "index", "deletion")
"""The consistency windows."""


class ConfigurationError(ValueError):
    """A tenant.toml is invalid; the message is one sentence that names the key and the remedy."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration of a tenant; `read`, `index` and `deletion` are consistency windows in seconds.

    If `restrictions` is None, no list is configured and every restriction is accepted. If `client_restrictions` is
    empty, there is no restricted client. `requests_per_second` and `allow_companies` are limits for the suite; the
    mock does not enforce them.
    `delays` are the seconds, by consistency window, after which a variation shows changes (absent: half of the window).
    """

    restrictions: tuple[str, ...] | None = None
    sites: tuple[str, ...] = ("main",)
    sync_restrictions_with_sites: bool = False
    recreate_deleted: bool = False
    active_on_creation: bool = True
    on_hold_on_creation: bool = False
    read: float = 0.0
    index: float = 2.0
    deletion: float = 2.0
    requests_per_second: float = 0.0
    client_restrictions: tuple[str, ...] = ()
    allow_companies: bool = False
    delays: Mapping[str, float] = field(default_factory=dict)

    def replace(self, **changes: Any) -> "Configuration":
        """A copy with some values changed."""
        return replace(self, **changes)

    def tenant_config(self) -> dict[str, dict[str, Any]]:
        """The tables of the tenant.toml with which a suite tests this tenant."""
        tables: dict[str, dict[str, Any]] = {}
        for (table, key), (name, _) in KEYS.items():
            value = getattr(self, name)
            if value is not None:
                tables.setdefault(table, {})[key] = list(value) if isinstance(value, tuple) else value
        return tables


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false")
    return value


def _seconds(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < float("inf"):
        raise ValueError("a number that is not negative")
    return float(value)


def _names(value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(name, str) and name for name in value):
        raise ValueError("a list of names")
    return tuple(value)


KEYS: Mapping[tuple[str, str], tuple[str, Callable[[Any], Any]]] = {
    ("tenant", "restrictions"): ("restrictions", _names),
    ("tenant", "sites"): ("sites", _names),
    ("tenant", "sync_restrictions_with_sites"): ("sync_restrictions_with_sites", _flag),
    ("tenant", "recreate_deleted"): ("recreate_deleted", _flag),
    ("tenant", "active_on_creation"): ("active_on_creation", _flag),
    ("tenant", "on_hold_on_creation"): ("on_hold_on_creation", _flag),
    ("consistency", "read"): ("read", _seconds),
    ("consistency", "index"): ("index", _seconds),
    ("consistency", "deletion"): ("deletion", _seconds),
    ("rate_limit", "requests_per_second"): ("requests_per_second", _seconds),
    ("restricted_client", "restrictions"): ("client_restrictions", _names),
    ("safety", "allow_companies"): ("allow_companies", _flag),
}


def read_configuration(path: Path = DEFAULT_TENANT_CONFIG) -> Configuration:
    """The configuration in this file; ConfigurationError if the file is unreadable or invalid."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be read ({error.strerror}); name a readable file."
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} is not TOML ({error}); correct that line.") from error
    return configuration_of(tables, path)


def configuration_of(tables: Mapping[str, Any], path: Path) -> Configuration:
    """The configuration in the tables of a tenant.toml, in which a value may be None; `path` is for messages."""
    values: dict[str, Any] = {}
    for table, entries in tables.items():
        if not isinstance(entries, dict) or table not in {table for table, _ in KEYS}:
            names = ", ".join(dict.fromkeys(f"[{name}]" for name, _ in KEYS))
            raise ConfigurationError(f"{path} has the unknown table {table}; use the tables {names}.")
        for key, value in entries.items():
            if (table, key) not in KEYS and table == SUITE_TABLE:
                continue
            if (table, key) not in KEYS:
                names = ", ".join(name for owner, name in KEYS if owner == table)
                raise ConfigurationError(f"{path} has the unknown key {key} in [{table}]; use {names}.")
            name, read = KEYS[table, key]
            if value is None:
                continue
            try:
                values[name] = read(value)
            except ValueError as error:
                raise ConfigurationError(f"{path}: {key} of [{table}] must be {error}.") from error
    return Configuration(**values)
