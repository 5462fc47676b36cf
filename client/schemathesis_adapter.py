"""Reads what Schemathesis passes to a transport as a request of the client."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from client.errors import GuardError
from client.transport.requests.prepared_request import encoded_query, split_path

# The client sets these: framing and codings, the credentials of the identity, and the name of the suite.
_REPLACED: Final = frozenset(
    {
        "accept-encoding",
        "authorization",
        "connection",
        "content-length",
        "host",
        "transfer-encoding",
        "user-agent",
    }
)


@dataclass(frozen=True, slots=True)
class Case:
    """A request below the API URL, as it will be sent."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes | None


def read_case(kwargs: Mapping[str, Any], api_url: str) -> Case:
    """Keywords in the manner of requests (method, url, headers, params, json, data, files, cookies).

    GuardError where the URL is not below the API URL.
    """
    url = str(kwargs["url"])
    if not url.startswith(f"{api_url}/"):
        raise GuardError(f"{url} was not sent: it is not below {api_url}; give the cases that base URL.")
    path, query = split_path(url[len(api_url) :])
    more = encoded_query(_present(kwargs.get("params") or {}))
    headers = {
        str(name): str(value)
        for name, value in (kwargs.get("headers") or {}).items()
        if name.lower() not in _REPLACED
    }
    cookies = kwargs.get("cookies") or {}
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    body, content_type = _body(kwargs)
    if content_type is not None and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = content_type
    return Case(str(kwargs["method"]), path, "&".join(part for part in (query, more) if part), headers, body)


def _present(params: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in params.items() if value is not None}


def _body(kwargs: Mapping[str, Any]) -> tuple[bytes | None, str | None]:
    if "json" in kwargs:
        return json.dumps(kwargs["json"]).encode("ascii"), "application/json"
    data, files = kwargs.get("data"), kwargs.get("files")
    if files:
        request = httpx.Request("POST", "http://localhost", data=data, files=files)
        return request.read(), request.headers["Content-Type"]
    if isinstance(data, str):
        return data.encode("utf-8", "surrogatepass"), None
    if data is None or isinstance(data, bytes):
        return data, None
    return encoded_query(data).encode("ascii"), "application/x-www-form-urlencoded"
