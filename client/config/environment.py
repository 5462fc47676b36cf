"""The tenant as the environment variables EMPORIX_* describe it; each error is one sentence."""

import re
from collections.abc import Mapping
from typing import Annotated, Final, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, ValidationInfo, model_validator

from client.errors import ConfigurationError

DEFAULT_API_URL: Final = "https://api.emporix.io"
TENANT_NAME: Final = re.compile(r"[a-z][a-z0-9]{2,15}")

_PAIRS: Final = (
    ("client_id", "client_secret", "set both or neither"),
    ("restricted_client_id", "restricted_client_secret", "set both or neither"),
    ("other_client_id", "other_client_secret", "set both or neither"),
    ("other_tenant", "other_client_id", "set the second tenant's name and client, or neither"),
)
"""Fields that are useless without each other, and the remedy."""


def _tenant_name(value: str, info: ValidationInfo) -> str:
    if not TENANT_NAME.fullmatch(value):
        raise ConfigurationError(
            f"{_variable(info.field_name)} is {value!r}, which is no tenant name; "
            "write 3 to 16 lower-case letters and digits, a letter first."
        )
    return value


def _url(value: str, info: ValidationInfo) -> str:
    name = _variable(info.field_name)
    remedy = "write it like https://api.example.com, with a path if the API has one"
    try:
        parts = urlsplit(value)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ConfigurationError(f"{name} is {value!r}, which is no URL; {remedy}.") from None
    if "@" in parts.netloc:
        raise ConfigurationError(
            f"{name} holds a user name or password; put them in EMPORIX_CLIENT_* instead."
        )
    if parts.scheme not in ("http", "https") or not host or not (value.isascii() and value.isprintable()):
        raise ConfigurationError(f"{name} is {value!r}, which is no http or https URL; {remedy}.")
    if parts.query or parts.fragment or " " in value or value.endswith(("?", "#")):
        raise ConfigurationError(f"{name} is {value!r}; leave out spaces, the query and the fragment.")
    return value.rstrip("/")


def _secret(value: SecretStr, info: ValidationInfo) -> SecretStr:
    text = value.get_secret_value()
    if not (text.isascii() and text.isprintable()):
        raise ConfigurationError(
            f"{_variable(info.field_name)} holds characters that no token or secret has; "
            "copy it again from where it was issued."
        )
    return value


def _variable(field: str | None) -> str:
    """The environment variable of a field."""
    return f"EMPORIX_{str(field).upper()}"


TenantName = Annotated[str, AfterValidator(_tenant_name)]
Url = Annotated[str, AfterValidator(_url)]
Secret = Annotated[SecretStr, AfterValidator(_secret)]


class Environment(BaseModel):
    """The address of the tenant and the credentials; secrets are SecretStr, so that no repr shows them.

    Each field is the variable of its name with the prefix EMPORIX_. ConfigurationError if one is invalid.
    """

    model_config = ConfigDict(frozen=True)
    tenant: TenantName
    api_url: Url = DEFAULT_API_URL
    token_url: Url = Field(default_factory=lambda values: f"{values['api_url']}/oauth/token")
    client_id: str | None = None
    client_secret: Secret | None = None
    access_token: Secret | None = None
    restricted_client_id: str | None = None
    restricted_client_secret: Secret | None = None
    other_tenant: TenantName | None = None
    other_client_id: str | None = None
    other_client_secret: Secret | None = None

    @model_validator(mode="after")
    def _check_combinations(self) -> Self:
        for one, other, remedy in _PAIRS:
            absent, present = sorted((one, other), key=lambda field: getattr(self, field) is not None)
            if getattr(self, absent) is None and getattr(self, present) is not None:
                raise ConfigurationError(
                    f"{_variable(present)} is set but {_variable(absent)} is not; {remedy}."
                )
        if self.client_id and self.access_token:
            raise ConfigurationError(
                "EMPORIX_ACCESS_TOKEN and EMPORIX_CLIENT_ID are both set; unset the token to use the client, "
                "which has more permissions, or unset EMPORIX_CLIENT_ID and EMPORIX_CLIENT_SECRET."
            )
        if not self.client_id and not self.access_token:
            raise ConfigurationError(
                f"EMPORIX_TENANT is {self.tenant} but there are no credentials; "
                "set EMPORIX_CLIENT_ID and EMPORIX_CLIENT_SECRET, or EMPORIX_ACCESS_TOKEN alone."
            )
        if self.other_tenant == self.tenant:
            raise ConfigurationError(
                f"EMPORIX_OTHER_TENANT is {self.tenant}, the same as EMPORIX_TENANT; "
                "name a second tenant or unset it."
            )
        return self


def names_a_tenant(environ: Mapping[str, str]) -> bool:
    """Whether the environment names a live tenant; without one, the run uses the mock tenant.

    ConfigurationError if it sets another variable but no tenant, because a run against the mock tenant could
    then be mistaken for one against the live tenant.
    """
    variables = variables_of(environ)
    if variables and "tenant" not in variables:
        name = _variable(next(iter(variables)))
        raise ConfigurationError(
            f"{name} is set but EMPORIX_TENANT is not; set it to the name of your tenant, "
            f"or unset {name} to run against the mock tenant."
        )
    return bool(variables)


def variables_of(environ: Mapping[str, str]) -> dict[str, str]:
    """The variables that are set, by the name of their field; an empty one is absent, outer spaces are removed."""
    values = {field: environ.get(_variable(field), "").strip() for field in Environment.model_fields}
    return {field: value for field, value in values.items() if value}
