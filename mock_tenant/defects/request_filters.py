"""Filters of requests: the requests in which a defect takes effect."""

import json
from collections.abc import Callable
from typing import Any

from mock_tenant.messages import ApiRequest

RequestFilter = Callable[[ApiRequest], bool]


def query_of(request: ApiRequest) -> str:
    """The q of a list or a search; empty if there is none."""
    return str(request.params.get("q") or request.body.get("q") or "")


def parsed_body(request: ApiRequest) -> dict[str, Any]:
    """The JSON object in a body that the tenant has not parsed yet; empty if there is none."""
    try:
        body = json.loads(request.content)
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def has_parameter(name: str) -> RequestFilter:
    """Requests with this query parameter."""
    return lambda request: name in request.params


def lacks_parameter(name: str) -> RequestFilter:
    """Requests without this query parameter."""
    return lambda request: name not in request.params


def has_no_query(request: ApiRequest) -> bool:
    """Whether a request has no q."""
    return not query_of(request)


def has_first_condition_on(name: str) -> RequestFilter:
    """Requests in which the first condition of q is on this property or on one of its members."""
    return lambda request: query_of(request).startswith((f"{name}:", f"{name}."))


def has_several_conditions(request: ApiRequest) -> bool:
    """Whether q has more than one condition."""
    return query_of(request).count(":") > 1


def is_later_page(request: ApiRequest) -> bool:
    """Whether a request asks for a page other than the first."""
    return request.params.get("pageNumber", "1") != "1"


def is_descending(request: ApiRequest) -> bool:
    """Whether a request sorts in descending order."""
    return request.params.get("sort", "").endswith(":desc")
