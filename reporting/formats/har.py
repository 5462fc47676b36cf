"""The exchanges of the failures as exchanges.har (HTTP Archive 1.2), which browsers and proxies import."""

from collections.abc import Iterable, Iterator
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from reporting.model.exchange import Headers, Request, Response
from reporting.model.findings import Failure
from reporting.model.report import Report
from reporting.text import escape_invisible

UNKNOWN: Final = -1


def har(report: Report) -> dict[str, Any]:
    """A page for each way in which a clause fails, with its exchanges, redacted as in the report.

    The report keeps no time of each exchange, so all of them have that of the run.
    """
    when = report.started_at.isoformat(timespec="milliseconds")
    pages, entries = [], []
    for clause in report.clauses:
        for number, failure in enumerate(clause.failures, start=1):
            name = f"{clause.id}#{number}"
            title = f"{clause.id}: expected {failure.expected}, actual {failure.actual}"
            pages.append(
                {"startedDateTime": when, "id": name, "title": escape_invisible(title), "pageTimings": {}}
            )
            entries += list(_entries(failure, name, when))
    creator = {"name": "customer-contract-suite", "version": report.suite.version}
    return {"log": {"version": "1.2", "creator": creator, "pages": pages, "entries": entries}}


def _entries(failure: Failure, page: str, when: str) -> Iterator[dict[str, Any]]:
    for exchange in failure.exchanges:
        elapsed = exchange.elapsed_ms or 0
        yield {
            "pageref": page,
            "startedDateTime": when,
            "time": elapsed,
            "request": _request(exchange.request),
            "response": _response(exchange.response or Response()),
            "cache": {},
            "timings": {"send": 0, "wait": elapsed, "receive": 0},
        }


def _request(request: Request) -> dict[str, Any]:
    body = request.body or ""
    try:
        query = parse_qsl(urlsplit(request.url).query, keep_blank_values=True)
    except ValueError:
        query = []
    return {
        "method": request.method,
        "url": request.url,
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(request.headers),
        "queryString": _pairs(query),
        "headersSize": UNKNOWN,
        "bodySize": len(body.encode()),
        **({"postData": {"mimeType": _media_type(request.headers), "text": body}} if body else {}),
    }


def _response(response: Response) -> dict[str, Any]:
    """The response; status 0 where none was received, as browsers write it."""
    body = response.body or ""
    is_registered = response.status in HTTPStatus.__members__.values()
    return {
        "status": response.status,
        "statusText": HTTPStatus(response.status).phrase if is_registered else "",
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": _pairs(response.headers),
        "content": {"size": len(body.encode()), "mimeType": _media_type(response.headers), "text": body},
        "redirectURL": "",
        "headersSize": UNKNOWN,
        "bodySize": UNKNOWN,
    }


def _pairs(pairs: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in pairs]


def _media_type(headers: Headers) -> str:
    return next((value for name, value in headers if name.lower() == "content-type"), "")
