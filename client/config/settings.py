"""The settings of a run: the environment and tenant.toml, validated once."""

import tomllib
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from client.config.environment import Environment, variables_of
from client.errors import ConfigurationError

NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(strict=False)]

_RENAMED: Final[Mapping[str, str]] = {"pace": "rate_limit"}
"""The tables of the first edition that have another name now."""

_REMEDIES: Final[Mapping[str, str]] = {
    "bool_type": "write true or false",
    "float_type": "write a number",
    "int_type": "write a whole number",
    "string_type": "write a string in quotes",
    "tuple_type": 'write a list of strings, such as ["DE"]',
    "model_type": "write a table",
    "greater_than": "write a number above {gt}",
    "greater_than_equal": "write a number of at least {ge}",
    "finite_number": "write a finite number",
    "string_too_short": "write a string that is not empty",
}
"""By the error type of pydantic."""


class Table(BaseModel):
    """A table of tenant.toml: an unknown key, or a value of another type, is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class TenantFacts(Table):
    """[tenant]: how the vendor configured this tenant; None if unknown."""

    restrictions: Names | None = None
    sites: Names | None = None
    sync_restrictions_with_sites: bool = False
    recreate_deleted: bool = False
    active_on_creation: bool | None = None
    on_hold_on_creation: bool | None = None


class Consistency(Table):
    """[consistency]: seconds within which a change must be visible; 0 is at once.

    Deletion has the status 202 and lists are indexes, so both have a window by default.
    """

    read: NonNegative = 0.0
    index: NonNegative = 2.0
    deletion: NonNegative = 2.0

    @property
    def deleted_read(self) -> float:
        """Seconds within which get may find a deleted customer: where a get may be stale, it may find one as well."""
        return max(self.read, self.deletion)


class RateLimit(Table):
    """[rate_limit]: requests per second over all threads; 0 is no limit."""

    requests_per_second: NonNegative = 0.0


class RestrictedClient(Table):
    """[restricted_client]: the restrictions that EMPORIX_RESTRICTED_CLIENT_* may see; None if unknown."""

    restrictions: Names | None = None


class Safety(Table):
    """[safety]: what a run may do, and its hard limits; None is no limit.

    `company` is the companyRegistrationId of a company that exists: the only one that a run then sends.
    """

    allow_notifications: bool = False
    allow_companies: bool = False
    company: Annotated[str, Field(min_length=1)] | None = None
    max_customers: Count | None = None
    max_requests: Count | None = None
    max_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None

    @property
    def companies(self) -> tuple[str, ...] | None:
        """The registration ids that a request may contain; None is any."""
        if self.company is not None:
            return (self.company,)
        return None if self.allow_companies else ()


class TenantConfig(Table):
    """tenant.toml: what cannot be observed of a tenant from outside."""

    tenant: TenantFacts = TenantFacts()
    consistency: Consistency = Consistency()
    rate_limit: RateLimit = RateLimit()
    restricted_client: RestrictedClient = RestrictedClient()
    safety: Safety = Safety()


class Settings(Environment):
    """What a run knows before its first request: the environment and tenant.toml; its repr shows no secret."""

    tenant_config: TenantConfig = TenantConfig()

    @property
    def tenants(self) -> tuple[str, ...]:
        """The tenant, and the second one if there is one."""
        return (self.tenant,) if self.other_tenant is None else (self.tenant, self.other_tenant)

    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for the redactor only."""
        return tuple(value.get_secret_value() for _, value in self if isinstance(value, SecretStr))


def load_settings(config_file: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of a run; ConfigurationError is one sentence that names the place and the remedy."""
    tenant_config = TenantConfig() if config_file is None else load_tenant_config(config_file)
    return read_settings(environ, tenant_config)


def read_settings(environ: Mapping[str, str], tenant_config: TenantConfig) -> Settings:
    """The settings of a run with this tenant.toml; ConfigurationError if a variable is invalid."""
    variables = variables_of(environ)
    if "tenant" not in variables:
        raise ConfigurationError("EMPORIX_TENANT is not set; set it to the name of your tenant.")
    return Settings.model_validate({**variables, "tenant_config": tenant_config})


def load_tenant_config(config_file: Path) -> TenantConfig:
    """tenant.toml alone, without an environment; ConfigurationError as for load_settings."""
    try:
        text = config_file.read_text(encoding="utf-8-sig")
        return TenantConfig.model_validate(tomllib.loads(text))
    except OSError as error:
        reason = (error.strerror or "it is not readable").lower()
        raise ConfigurationError(
            f"{config_file} cannot be read ({reason}); name an existing file with --tenant-config."
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{config_file} is not UTF-8 text; save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        end = f"at the end, line {len(text.splitlines())}"
        message = str(error).replace("\n", " ").replace("at end of document", end)
        raise ConfigurationError(f"{config_file} is not valid TOML: {message}; correct that line.") from None
    except ValidationError as error:
        raise ConfigurationError(f"{config_file}: {_format_error(error)}") from None


def _format_error(error: ValidationError) -> str:
    """One sentence about the first error, that names the key and the remedy."""
    first = error.errors(include_url=False)[0]
    location = first["loc"]
    if (table := str(location[0])) in _RENAMED:
        return f"[{table}] is called [{_RENAMED[table]}] now; rename the table."
    if first["type"] == "extra_forbidden":
        return _format_unknown(location)
    remedy = _REMEDIES.get(first["type"], "correct it as the documentation shows")
    remedy = remedy.format(**first.get("ctx", {}))
    return f"{_format_location(location)} is {_format_value(first['input'])}; {remedy}."


def _format_unknown(location: Sequence[int | str]) -> str:
    table, key = str(location[0]), str(location[-1])
    is_table = len(location) == 1
    tables = TenantConfig.model_fields
    fields = tables if is_table else getattr(tables[table].annotation, "model_fields", tables)
    similar = get_close_matches(key, fields, n=1, cutoff=0.5)
    remedy = f"did you mean {similar[0]}?" if similar else f"use one of {', '.join(fields)}."
    return (
        f"there is no table or key {key!r}; {remedy}"
        if is_table
        else f"[{table}] has no key {key!r}; {remedy}"
    )


def _format_location(location: Sequence[int | str]) -> str:
    table, *rest = location
    keys = [f" {part}" if isinstance(part, str) else f", entry {part + 1}" for part in rest]
    return f"[{table}]" + "".join(keys)


def _format_value(value: Any) -> str:
    text = str(value).lower() if isinstance(value, bool) else repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
