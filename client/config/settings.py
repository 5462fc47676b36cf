"""Whom the suite asks and what it is told about them: environment and tenant.toml, checked once."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from client.config.environment import Environment, read_environment
from client.config.validation_errors import first_mistake
from client.errors import ConfigurationError

NonNegative = Annotated[float, Field(ge=0, allow_inf_nan=False)]
Count = Annotated[int, Field(ge=1)]
Names = Annotated[tuple[Annotated[str, Field(min_length=1)], ...], Field(strict=False)]

_TABLE: Final = ConfigDict(frozen=True, extra="forbid", strict=True)


class TenantFacts(BaseModel):
    """[tenant]: what the vendor's configuration of this tenant says; None where it is not told."""

    model_config = _TABLE
    restrictions: Names | None = None
    sites: Names | None = None
    sync_restrictions_with_sites: bool = False
    recreate_deleted: bool = False
    active_on_creation: bool | None = None
    on_hold_on_creation: bool | None = None


class Consistency(BaseModel):
    """[consistency]: seconds within which a change must be visible; 0 is at once.

    Deletion is answered 202 and lists are indexes: both get a moment unless the file says otherwise.
    """

    model_config = _TABLE
    read: NonNegative = 0.0
    index: NonNegative = 2.0
    deletion: NonNegative = 2.0


class RateLimit(BaseModel):
    """[rate_limit]: requests a second over all threads; 0 is as fast as the tenant answers."""

    model_config = _TABLE
    requests_per_second: NonNegative = 0.0


class RestrictedClient(BaseModel):
    """[restricted_client]: the restrictions that EMPORIX_RESTRICTED_CLIENT_* may see; None: not told."""

    model_config = _TABLE
    restrictions: Names | None = None


class Safety(BaseModel):
    """[safety]: hard bounds of a run; None is no bound. Seconds for max_seconds."""

    model_config = _TABLE
    allow_notifications: bool = False
    max_customers: Count | None = None
    max_requests: Count | None = None
    max_seconds: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None


class TenantConfig(BaseModel):
    """tenant.toml: what cannot be known of a tenant from outside."""

    model_config = _TABLE
    tenant: TenantFacts = TenantFacts()
    consistency: Consistency = Consistency()
    rate_limit: RateLimit = RateLimit()
    restricted_client: RestrictedClient = RestrictedClient()
    safety: Safety = Safety()


class Settings(BaseModel):
    """Everything a run knows before its first request; frozen, and its repr shows no secret."""

    model_config = ConfigDict(frozen=True)
    environment: Environment
    tenant_config: TenantConfig = TenantConfig()

    @property
    def api_url(self) -> str:
        """Base of every path, without a slash at the end."""
        return self.environment.api_url

    @property
    def token_url(self) -> str:
        """Where tokens are asked for (RFC 6749 section 3.2)."""
        return self.environment.token_url

    @property
    def tenant(self) -> str:
        """The tenant under assessment."""
        return self.environment.tenant

    @property
    def other_tenant(self) -> str | None:
        """The second tenant, where one is configured."""
        return self.environment.other_tenant

    @property
    def restrictions(self) -> tuple[str, ...] | None:
        """The configured list of restrictions; None where it is not told."""
        return self.tenant_config.tenant.restrictions

    def secrets(self) -> tuple[str, ...]:
        """Every secret value, for the redactor alone."""
        held = (
            self.environment.client_secret,
            self.environment.access_token,
            self.environment.restricted_client_secret,
            self.environment.other_client_secret,
        )
        return tuple(secret.get_secret_value() for secret in held if isinstance(secret, SecretStr))

    def public(self) -> dict[str, Any]:
        """What the report may say of the target; JSON values, no secret."""
        return {
            "api_url": self.api_url,
            "tenant": self.tenant,
            "other_tenant": self.other_tenant,
            "config": self.tenant_config.model_dump(mode="json"),
        }


def load_settings(config_file: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings of a run; ConfigurationError says in one sentence what to mend and where."""
    tenant_config = TenantConfig() if config_file is None else load_tenant_config(config_file)
    return Settings(environment=read_environment(environ), tenant_config=tenant_config)


def load_tenant_config(config_file: Path) -> TenantConfig:
    """tenant.toml alone, without an environment; ConfigurationError as for load_settings."""
    text = ""
    try:
        text = config_file.read_text(encoding="utf-8")
        tables = tomllib.loads(text)
    except OSError as error:
        reason = (error.strerror or "it is not readable").lower()
        raise ConfigurationError(
            f"{config_file} cannot be read ({reason}); name an existing file with --tenant-config."
        ) from None
    except UnicodeDecodeError:
        raise ConfigurationError(f"{config_file} is not UTF-8 text; save it as UTF-8.") from None
    except tomllib.TOMLDecodeError as error:
        last = f"at the end, line {len(text.splitlines())}"
        message = str(error).replace("\n", " ").replace("at end of document", last)
        raise ConfigurationError(f"{config_file} is not valid TOML: {message}; mend that line.") from None
    try:
        return TenantConfig.model_validate(tables)
    except ValidationError as error:
        raise ConfigurationError(f"{config_file}: {first_mistake(error, TenantConfig)}") from None
