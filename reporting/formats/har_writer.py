"""The exchanges of the failures as exchanges.har (HTTP Archive 1.2), for browsers and proxies that open it."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from reporting.files import write_atomically
from reporting.formats.text import plain, seen
from reporting.model.findings import Failure
from reporting.model.report import Report

NAME: Final = "exchanges.har"
_UNKNOWN: Final = -1


def write_har(report: Report, folder: Path) -> Path:
    """Write exchanges.har into `folder`, whole or not at all; ReportError where that cannot be done."""
    path = folder / NAME
    write_atomically(path, json.dumps(har(report), indent=1) + "\n")
    return path


def har(report: Report) -> dict[str, Any]:
    """A page for each way in which a clause fails, with its exchanges, redacted as in the report.

    The report keeps no time of each exchange, so all of them bear that of the run.
    """
    when = report.started_at.astimezone(UTC).isoformat(timespec="milliseconds")
    pages, entries = [], []
    for clause in report.clauses:
        for number, failure in enumerate(clause.failures, start=1):
            name = f"{clause.id}#{number}"
            title = f"{clause.id}: {failure.actual} instead of {failure.expected}"
            pages.append({"startedDateTime": when, "id": name, "title": seen(title), "pageTimings": {}})
            entries += list(_entries(failure, name, when))
    creator = {"name": "customer-contract-suite", "version": report.suite.version}
    return {"log": {"version": "1.2", "creator": creator, "pages": pages, "entries": entries}}


def _entries(failure: Failure, page: str, when: str) -> Iterator[dict[str, Any]]:
    for exchange in failure.exchanges:
        elapsed = exchange.get("elapsed_ms") or 0
        yield {
            "pageref": page,
            "startedDateTime": when,
            "time": elapsed,
            "request": _request(exchange.get("request") or {}),
            "response": _response(exchange.get("response") or {}),
            "cache": {},
            "timings": {"send": 0, "wait": elapsed, "receive": 0},
        }


def _request(request: Mapping[str, Any]) -> dict[str, Any]:
    url, body = str(request.get("url") or ""), _text(request.get("body"))
    headers = _headers(request.get("headers"))
    try:
        query = parse_qsl(urlsplit(url).query, keep_blank_values=True)
    except ValueError:
        query = []
    told: dict[str, Any] = {
        "method": str(request.get("method") or ""),
        "url": url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers,
        "queryString": [{"name": name, "value": value} for name, value in query],
        "headersSize": _UNKNOWN,
        "bodySize": len(body.encode("utf-8", "replace")),
    }
    if body:
        told["postData"] = {"mimeType": _media_type(headers), "text": body}
    return told


def _response(response: Mapping[str, Any]) -> dict[str, Any]:
    """The answer; status 0 where none came, as browsers write it."""
    status, body = int(response.get("status") or 0), _text(response.get("body"))
    headers = _headers(response.get("headers"))
    known = status in HTTPStatus.__members__.values()
    return {
        "status": status,
        "statusText": HTTPStatus(status).phrase if known else "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": headers,
        "content": {
            "size": len(body.encode("utf-8", "replace")),
            "mimeType": _media_type(headers),
            "text": body,
        },
        "redirectURL": "",
        "headersSize": _UNKNOWN,
        "bodySize": _UNKNOWN,
    }


def _headers(headers: Any) -> list[dict[str, str]]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    return [{"name": str(name), "value": str(value)} for name, value in pairs]


def _media_type(headers: list[dict[str, str]]) -> str:
    return next((each["value"] for each in headers if each["name"].lower() == "content-type"), "")


def _text(body: Any) -> str:
    if body is None:
        return ""
    return body if isinstance(body, str) else json.dumps(plain(body), ensure_ascii=False)
