"""A failure names its trace, under which the tenant finds the requests in its own log."""

import json
import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any

from client.transport.trace import Trace
from meta_tests.support import mock_server
from meta_tests.support.project_runs import environment, run_suite


def lines(path: Path) -> list[dict[str, Any]]:
    """The requests in the log of the mock tenant."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_a_failure_leads_to_the_requests_in_the_log_of_the_tenant(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    with mock_server.running("--defect", "get-shows-accounts-as-texts", "--request-log", str(log)) as mock:
        run = run_suite(
            tmp_path / "reports", "tests/reads/test_get.py", environ=environment(**mock["environ"])
        )
    assert run.code == 1, run.output
    report = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
    clause = next(each for each in report["clauses"] if each["verdict"] == "fail")
    failure = clause["failures"][0]
    found = [line for line in lines(log) if line["traceparent"].split("-")[1] == failure["trace_id"]]
    decisive = failure["exchanges"][failure["decisive"]]
    assert dict(decisive["request"]["headers"])["traceparent"] in [line["traceparent"] for line in found]
    assert len({line["traceparent"] for line in found}) == len(found), "each request has its own span id"
    traces = {line["traceparent"].split("-")[1] for line in lines(log)}
    passed = len(ET.parse(run.folder / "junit.xml").getroot()[0].findall("testcase"))  # noqa: S314 - of this run
    assert 2 < len(traces) <= passed + 1, "one trace a test, and one for what is outside of tests"
    run_ids = {line["user-agent"] for line in lines(log)}
    assert len(run_ids) == 1
    assert "(run " in run_ids.pop()
    page = (run.folder / "conformance.html").read_text(encoding="utf-8")
    assert f"trace {failure['trace_id']}" in page
    for name in ("summary.md", "junit.xml"):
        assert failure["trace_id"] in (run.folder / name).read_text(encoding="utf-8")
    assert f"  trace      {failure['trace_id']}" in run.output
    script = page.partition("Shell script")[2].partition("</pre>")[0]
    assert "curl" in script
    assert "traceparent" not in script


def test_workers_give_each_test_a_trace_of_its_own(tmp_path: Path) -> None:
    log = tmp_path / "requests.jsonl"
    with mock_server.running("--request-log", str(log)) as mock:
        environ = environment(**mock["environ"])
        run = run_suite(tmp_path / "reports", "tests/reads/test_get.py", "-n", "2", environ=environ)
    assert run.code == 0, run.output
    cases = ET.parse(run.folder / "junit.xml").getroot()[0].findall("testcase")  # noqa: S314 - of this run
    trace = Trace(re.findall(r"Run (\w{5}) will test", run.output)[0])
    expected = set()
    for test in [*(f"tests/reads/test_get.py::{case.get('name')}" for case in cases), ""]:
        trace.begin(test)
        expected.add(trace.id)
    found = {line["traceparent"].split("-")[1] for line in lines(log)}
    assert len(found) > 5
    assert found <= expected
