"""Requests made by others: what Schemathesis hands to a transport, read as one of ours."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

import httpx

from client.errors import GuardError
from client.exchange import Exchange
from client.transport.prepared_request import encoded_query, split_path

# Framing is ours, credentials are the identity's, and our user agent names the suite.
_OURS: Final = frozenset(
    {"authorization", "connection", "content-length", "host", "transfer-encoding", "user-agent"}
)


@dataclass(frozen=True, slots=True)
class Case:
    """A request below the API URL, as it will leave."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes | None


def read_case(kwargs: Mapping[str, Any], api_url: str) -> Case:
    """Keywords in the manner of requests (method, url, headers, params, json, data, files, cookies).

    GuardError where the URL does not lie below the API URL.
    """
    url = str(kwargs["url"])
    if not url.startswith(f"{api_url}/"):
        raise GuardError(
            f"{url} was not sent: it does not lie below {api_url}; give the cases that base URL."
        )
    path, query = split_path(url[len(api_url) :])
    more = encoded_query(_present(kwargs.get("params") or {}))
    headers = {
        str(name): str(value)
        for name, value in (kwargs.get("headers") or {}).items()
        if name.lower() not in _OURS
    }
    cookies = kwargs.get("cookies") or {}
    if cookies:
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    body, content_type = _body(kwargs)
    if content_type is not None and not any(name.lower() == "content-type" for name in headers):
        headers["Content-Type"] = content_type
    return Case(str(kwargs["method"]), path, "&".join(part for part in (query, more) if part), headers, body)


def as_response(exchange: Exchange) -> httpx.Response:
    """The answer as httpx has it, for checks that want one; the body is decoded already."""
    headers = [(n, v) for n, v in exchange.response_headers if n.lower() != "content-encoding"]
    response = httpx.Response(
        exchange.status,
        headers=headers,
        content=exchange.response_body,
        request=httpx.Request(
            exchange.method, httpx.URL(exchange.url), headers=list(exchange.request_headers)
        ),
    )
    response.elapsed = timedelta(seconds=exchange.elapsed)
    return response


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
