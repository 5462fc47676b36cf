"""The live tenant by environment: names, URLs and secrets, each mistake told in one sentence."""

import re
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr

from client.errors import ConfigurationError

DEFAULT_API_URL: Final = "https://api.emporix.io"
TENANT_NAME: Final = re.compile(r"[a-z][a-z0-9]{2,15}")

_LIVE: Final = (
    "EMPORIX_CLIENT_ID",
    "EMPORIX_CLIENT_SECRET",
    "EMPORIX_ACCESS_TOKEN",
    "EMPORIX_API_URL",
    "EMPORIX_TOKEN_URL",
    "EMPORIX_RESTRICTED_CLIENT_ID",
    "EMPORIX_RESTRICTED_CLIENT_SECRET",
    "EMPORIX_OTHER_TENANT",
    "EMPORIX_OTHER_CLIENT_ID",
    "EMPORIX_OTHER_CLIENT_SECRET",
)


class Environment(BaseModel):
    """Where the tenant is and who asks; secrets are SecretStr, so that no repr shows them."""

    model_config = ConfigDict(frozen=True)
    api_url: str
    token_url: str
    tenant: str
    client_id: str | None = None
    client_secret: SecretStr | None = None
    access_token: SecretStr | None = None
    restricted_client_id: str | None = None
    restricted_client_secret: SecretStr | None = None
    other_tenant: str | None = None
    other_client_id: str | None = None
    other_client_secret: SecretStr | None = None


def names_a_tenant(environ: Mapping[str, str]) -> bool:
    """Whether the environment asks for a live tenant rather than the mock.

    ConfigurationError where it names a client or a URL but no tenant: a run against the mock would be
    mistaken for the run that was meant.
    """
    if _value(environ, "EMPORIX_TENANT"):
        return True
    for name in _LIVE:
        if _value(environ, name):
            raise ConfigurationError(
                f"{name} is set but EMPORIX_TENANT is not; set it to the name of your tenant, "
                f"or unset {name} to run against the mock tenant."
            )
    return False


def read_environment(environ: Mapping[str, str]) -> Environment:
    """The variables EMPORIX_*, checked; an empty variable counts as absent, surrounding space is dropped."""
    tenant = _tenant(environ, "EMPORIX_TENANT")
    if tenant is None:
        raise ConfigurationError("EMPORIX_TENANT is not set; set it to the name of your tenant.")
    api_url = _url(environ, "EMPORIX_API_URL", DEFAULT_API_URL)
    client_id, client_secret = _client(environ, "EMPORIX_CLIENT")
    access_token = _secret(environ, "EMPORIX_ACCESS_TOKEN")
    if client_id and access_token:
        raise ConfigurationError(
            "EMPORIX_ACCESS_TOKEN and EMPORIX_CLIENT_ID are both set; unset the token to use the client, "
            "which can do more, or unset EMPORIX_CLIENT_ID and EMPORIX_CLIENT_SECRET."
        )
    if not client_id and not access_token:
        raise ConfigurationError(
            f"EMPORIX_TENANT is {tenant} but nobody may ask it; "
            "set EMPORIX_CLIENT_ID and EMPORIX_CLIENT_SECRET, or EMPORIX_ACCESS_TOKEN alone."
        )
    restricted_id, restricted_secret = _client(environ, "EMPORIX_RESTRICTED_CLIENT")
    other_id, other_secret = _client(environ, "EMPORIX_OTHER_CLIENT")
    other_tenant = _tenant(environ, "EMPORIX_OTHER_TENANT")
    if bool(other_tenant) != bool(other_id):
        absent, present = "EMPORIX_OTHER_TENANT", "EMPORIX_OTHER_CLIENT_ID"
        if other_tenant:
            absent, present = present, absent
        raise ConfigurationError(
            f"{present} is set but {absent} is not; set the second tenant's name and client, or neither."
        )
    if other_tenant == tenant:
        raise ConfigurationError(
            f"EMPORIX_OTHER_TENANT is {tenant}, the same as EMPORIX_TENANT; name a second tenant or unset it."
        )
    return Environment(
        api_url=api_url,
        token_url=_url(environ, "EMPORIX_TOKEN_URL", f"{api_url}/oauth/token"),
        tenant=tenant,
        client_id=client_id,
        client_secret=client_secret,
        access_token=access_token,
        restricted_client_id=restricted_id,
        restricted_client_secret=restricted_secret,
        other_tenant=other_tenant,
        other_client_id=other_id,
        other_client_secret=other_secret,
    )


def _value(environ: Mapping[str, str], name: str) -> str | None:
    return environ.get(name, "").strip() or None


def _secret(environ: Mapping[str, str], name: str) -> SecretStr | None:
    value = _value(environ, name)
    if value is not None and not (value.isascii() and value.isprintable()):
        raise ConfigurationError(
            f"{name} holds characters that no token or secret has; copy it again from where it was issued."
        )
    return None if value is None else SecretStr(value)


def _client(environ: Mapping[str, str], prefix: str) -> tuple[str | None, SecretStr | None]:
    client_id, secret = _value(environ, f"{prefix}_ID"), _secret(environ, f"{prefix}_SECRET")
    if client_id and not secret:
        raise ConfigurationError(f"{prefix}_ID is set but {prefix}_SECRET is not; set both or neither.")
    if secret and not client_id:
        raise ConfigurationError(f"{prefix}_SECRET is set but {prefix}_ID is not; set both or neither.")
    return client_id, secret


def _tenant(environ: Mapping[str, str], name: str) -> str | None:
    value = _value(environ, name)
    if value is not None and not TENANT_NAME.fullmatch(value):
        raise ConfigurationError(
            f"{name} is {value!r}, which is no tenant name; "
            "write 3 to 16 lower-case letters and digits, a letter first."
        )
    return value


def _url(environ: Mapping[str, str], name: str, default: str) -> str:
    value = _value(environ, name) or default
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
