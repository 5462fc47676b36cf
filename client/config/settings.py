"""The settings of a run: the environment and tenant.toml, validated once."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from client.config.environment import Environment, variables_of
from client.config.validation_errors import format_error
from client.errors import ConfigurationError

NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(strict=False)]


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
        text = config_file.read_text(encoding="utf-8")
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
        raise ConfigurationError(f"{config_file}: {format_error(error, TenantConfig)}") from None
