"""Prepares requests with the headers and parameters that every request of a run has."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from client.config.settings import Settings
from client.errors import GuardError
from client.exchange import ABSENT, SET_BY_CLIENT, Absent
from client.transport.body import ACCEPTED_CODINGS
from client.transport.requests.paths import parse, segment
from client.transport.requests.prepared_request import (
    Params,
    PreparedRequest,
    Retries,
    encoded_query,
    split_path,
    split_url,
    without_notifications,
)

_HEADER_SAFE: Final = re.compile(r"[A-Za-z0-9._~-]+")
_NO_HEADERS: Final[Mapping[str, str]] = {}
_NOT_OF_A_CASE: Final = SET_BY_CLIENT | {"authorization"}
_FORM: Final = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class RequestBuilder:
    """Knows the tenants and the user agent of a run."""

    settings: Settings
    user_agent: str

    def tenant_of(self, identity: str) -> str:
        """The tenant that an identity belongs to."""
        other = self.settings.other_tenant
        return other if identity == "other" and other is not None else self.settings.tenant

    def identity_for(self, tenant: str) -> str:
        """The identity that may read and delete in this tenant."""
        return "other" if tenant == self.settings.other_tenant else "client"

    def prepare(
        self,
        method: str,
        path: str | bytes,
        *,
        operation: str,
        identity: str,
        params: Params = (),
        headers: Mapping[str, str] = _NO_HEADERS,
        body: bytes | None = None,
        content_type: str | None = "application/json",
        authorization: str | Absent | None = ABSENT,
        retries: Retries = "if_idempotent",
    ) -> PreparedRequest:
        """A request below the API URL; `params` follow a query in the path, `headers` replace the default ones.

        Emporix-Tenant names the tenant of the path, else that of the identity; `content_type` is that of a body.
        No e-mail is provoked unless the query names the parameter.
        """
        target, query = split_path(path)
        query = "&".join(part for part in (query, encoded_query(params)) if part)
        tenant = parse(target).tenant
        defaults = {
            "User-Agent": self.user_agent,
            "Accept": "application/json",
            "Accept-Encoding": ACCEPTED_CODINGS,
            "Emporix-Tenant": tenant if _HEADER_SAFE.fullmatch(tenant) else self.tenant_of(identity),
        }
        if body is not None and content_type is not None:
            defaults["Content-Type"] = content_type
        given = {name.lower() for name in headers}
        return PreparedRequest(
            method=method,
            base=self.settings.api_url,
            path=target,
            query=without_notifications(method, target, query),
            headers={**{n: v for n, v in defaults.items() if n.lower() not in given}, **headers},
            body=body,
            operation=operation,
            identity=identity,
            authorization=authorization,
            retries=retries,
        )

    def case(self, kwargs: Mapping[str, Any], *, operation: str, identity: str) -> PreparedRequest:
        """The request of these keywords in the manner of requests, which Schemathesis passes to a transport.

        They are method, url, headers, params, json, data, files and cookies. GuardError where the URL is not below the
        API URL.
        """
        url, api_url = str(kwargs["url"]), self.settings.api_url
        if not url.startswith(f"{api_url}/"):
            raise GuardError(f"{url} was not sent: it is not below {api_url}; give the cases that base URL.")
        given, params = kwargs.get("headers") or {}, kwargs.get("params") or {}
        headers = {str(n): str(v) for n, v in given.items() if n.lower() not in _NOT_OF_A_CASE}
        if cookies := kwargs.get("cookies"):
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
        body, content_type = _case_body(kwargs)
        return self.prepare(
            str(kwargs["method"]),
            url.removeprefix(api_url),
            operation=operation,
            identity=identity,
            params={name: value for name, value in params.items() if value is not None},
            headers=headers,
            body=body,
            content_type=content_type,
        )

    def look(
        self,
        id: str | None = None,
        *,
        method: str = "GET",
        identity: str = "client",
        authorization: str | Absent = ABSENT,
    ) -> PreparedRequest:
        """A read for the suite's own purposes: one customer, or (without an id) a page of one by list or search."""
        path = f"/customer/{self.tenant_of(identity)}/customers"
        if method == "POST":
            path += "/search"
        return self.prepare(
            method,
            path if id is None else f"{path}/{segment(id)}",
            operation="look",
            identity=identity,
            params={"pageNumber": 1, "pageSize": 1} if id is None else {},
            body=b"{}" if method == "POST" else None,
            authorization=authorization,
        )

    def token(self, form: Mapping[str, str]) -> PreparedRequest:
        """A request to the token URL with these form fields; it may be repeated whatever happened to it."""
        origin, path = split_url(self.settings.token_url)
        target, query = split_path(path or "/")
        return PreparedRequest(
            method="POST",
            base=origin,
            path=target,
            query=query,
            headers={
                "User-Agent": self.user_agent,
                "Accept": "application/json",
                "Accept-Encoding": ACCEPTED_CODINGS,
                "Content-Type": _FORM,
            },
            body=encoded_query(form).encode("ascii"),
            operation="token",
            identity="anonymous",
            authorization=None,
            retries="always",
        )


def _case_body(kwargs: Mapping[str, Any]) -> tuple[bytes | None, str | None]:
    """The body of a case, and the type that follows from its form."""
    data, files = kwargs.get("data"), kwargs.get("files")
    if "json" in kwargs:
        return json.dumps(kwargs["json"]).encode("ascii"), "application/json"
    if files:
        request = httpx.Request("POST", "http://localhost", data=data, files=files)
        return request.read(), request.headers["Content-Type"]
    if isinstance(data, str):
        data = data.encode("utf-8", "surrogatepass")
    if data is None or isinstance(data, bytes):
        return data, None
    return encoded_query(data).encode("ascii"), _FORM
