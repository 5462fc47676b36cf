"""The trace context of requests: one trace id for a test, one span id for a request, also a repeated one."""

import re
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from client.transport.trace import Trace
from meta_tests.support.loopback_client import make_client
from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, loopback_tenant, times


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as server:
        yield server


def sent(server: LoopbackTenant) -> list[tuple[str, str]]:
    """Trace id and span id of every request so far."""
    found = [
        re.fullmatch("00-([0-9a-f]{32})-([0-9a-f]{16})-01", seen.headers.get("traceparent", ""))
        for seen in server.seen
    ]
    assert all(found)
    return [(match[1], match[2]) for match in found if match]


def test_requests_share_the_trace_of_their_test_and_have_spans_of_their_own(
    server: LoopbackTenant, tmp_path: Path
) -> None:
    server.faults.append(times(2, Reply(503)))
    with closing(make_client(server, tmp_path)) as client:
        api = client.as_("client")
        client.trace.begin("tests/test_a.py::test_a")
        first = api.list()  # a token, two attempts that fail, one that succeeds
        client.trace.begin("tests/test_b.py::test_b")
        second = api.list()
    ids = sent(server)
    assert len(ids) == len({span for _, span in ids}) == 5
    assert [trace for trace, _ in ids] == [first.trace_id] * 4 + [second.trace_id]
    assert first.trace_id != second.trace_id
    assert all("run abcde" in seen.headers["user-agent"] for seen in server.seen)


def test_a_header_of_the_caller_is_replaced_and_none_goes_into_a_curl_command(
    server: LoopbackTenant, tmp_path: Path
) -> None:
    with closing(make_client(server, tmp_path)) as client:
        response = client.as_("client").list(headers={"TraceParent": "mine"})
    assert len(sent(server)) == 2
    assert "traceparent" not in response.as_curl().lower()
    assert ["traceparent", f"00-{response.trace_id}-{sent(server)[1][1]}-01"] in response.as_json()[
        "request_headers"
    ]


def test_the_trace_id_follows_from_run_and_test() -> None:
    one, same, other = Trace("abcde"), Trace("abcde"), Trace("abcdf")
    for trace in (one, same, other):
        trace.begin("tests/test_a.py::test[\ud800]")
    assert one.id == same.id != other.id
    same.begin("")
    assert one.id != same.id == Trace("abcde").id
