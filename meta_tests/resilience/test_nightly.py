"""A nightly run with a budget: rounds until it is used, each failure reported once, and constant memory."""

import gc
import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from harness import clause
from harness.plugin.evidence.findings import FindingStore
from harness.plugin.evidence.hypothesis_internals import set_seed
from harness.plugin.hooks import RUN
from meta_tests.support.project_runs import DEADLINE, ROOT, SuiteResult, environment, run_suite
from reporting.model.findings import Evidence, Finding
from spec import Mismatch
from spec.mismatch import Kind

NIGHTLY = "--hypothesis-profile=nightly"
PROPERTY = "tests/reads/test_get.py::test_a_customer_is_shown_as_published"
"""Draws random data; sends about 130 requests in a round."""
ROW = "tests/reads/test_get.py::test_a_customer_of_no_company_is_b2c"
"""Always sends the same requests."""


def budget(folder: Path, **limits: float) -> str:
    """The option that sets these limits."""
    path = folder / "tenant.toml"
    path.write_text("[safety]\n" + "".join(f"{name} = {limit}\n" for name, limit in limits.items()))
    return f"--tenant-config={path}"


def report_of(run: SuiteResult) -> dict[str, Any]:
    """The report of the run."""
    document: dict[str, Any] = json.loads((run.folder / "conformance.json").read_text())
    return document


def cases(run: SuiteResult) -> Iterator[ElementTree.Element]:
    """The tests of junit.xml."""
    return ElementTree.parse(run.folder / "junit.xml").iter("testcase")  # noqa: S314 - our own file


class Counting:
    """Writes the node id of each test that runs to a file."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        with self._path.open("a") as log:
            log.write(f"{item.nodeid}\n")


class BreaksLate:
    """Fails a property in the second round and in every later one."""

    def __init__(self) -> None:
        self._calls = 0

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        self._calls += pyfuncitem.name in PROPERTY
        if self._calls < 2 or pyfuncitem.name not in PROPERTY:
            return (yield)
        handle: Any = pyfuncitem.obj.hypothesis
        inner = handle.inner_test

        def failing(*args: Any, **drawn: Any) -> None:
            inner(*args, **drawn)
            with clause("get.status.ok"):
                raise Mismatch(Kind.STATUS, expected=200, actual=418)

        handle.inner_test = failing
        try:
            return (yield)
        finally:
            handle.inner_test = inner


def test_a_nightly_run_repeats_until_its_budget_is_used(tmp_path: Path) -> None:
    count = tmp_path / "count"
    run = run_suite(
        tmp_path / "reports",
        NIGHTLY,
        budget(tmp_path, max_requests=500),
        "-v",
        "--hypothesis-seed=41",
        PROPERTY,
        ROW,
        plugins=[Counting(count)],
    )
    assert run.code == 0, run.output
    report, calls = report_of(run), count.read_text().splitlines()
    assert any("seed 41" in line and "until [safety] max_requests = 500" in line for line in run.lines)
    assert any(re.match(r"\d rounds: \[safety\] max_requests = 500 is reached\.", line) for line in run.lines)
    assert report["requests"]["total"] >= 500
    assert report["data"]["created"] == report["data"]["deleted"] > 0
    assert calls.count(PROPERTY) > 2
    assert len([name for name in calls if name == ROW]) == 1
    shown = next(clause for clause in report["clauses"] if clause["id"] == "get.schema.customer")
    assert shown["verdict"] == "pass"
    assert shown["evidence"]["examples"] > 96
    assert not [clause["id"] for clause in report["clauses"] if "max_requests" in clause["reason"]]
    assert len([*cases(run)]) == 2
    assert len([*(run.folder / "allure-results").glob("*-result.json")]) == 2


def test_a_failure_of_a_later_round_is_reported_once_with_its_seed(tmp_path: Path) -> None:
    count = tmp_path / "count"
    run = run_suite(
        tmp_path / "reports",
        NIGHTLY,
        budget(tmp_path, max_requests=900),
        "--hypothesis-seed=41",
        PROPERTY,
        "tests/reads/test_get.py::test_a_get_changes_nothing",
        plugins=[BreaksLate(), Counting(count)],
    )
    assert run.code == 1, run.output
    assert count.read_text().splitlines().count(PROPERTY) == 2
    failing = [case for case in cases(run) if case.find("failure") is not None]
    assert [case.get("name") for case in failing] == [f"{PROPERTY.rpartition(':')[2]} (round 2)"]
    broken = next(clause for clause in report_of(run)["clauses"] if clause["id"] == "get.status.ok")
    assert broken["verdict"] == "fail"
    assert len(broken["failures"]) == 1
    assert "--hypothesis-seed=42" in broken["failures"][0]["replay"]
    results = [json.loads(each.read_text()) for each in (run.folder / "allure-results").glob("*-result.json")]
    again = [each for each in results if each["name"] == PROPERTY.rpartition(":")[2]]
    assert len({each["historyId"] for each in again}) == 1
    assert [each["status"] for each in sorted(again, key=lambda each: each["start"])] == ["passed", "failed"]


def test_a_limit_that_is_reached_between_links_is_no_error(tmp_path: Path) -> None:
    test = "tests/protocol/test_schema.py::test_links_between_operations"
    run = run_suite(tmp_path / "reports", NIGHTLY, budget(tmp_path, max_requests=40), test)
    assert "Flaky" not in run.output
    assert [case.find("skipped") is not None for case in cases(run)] == [True]
    assert not [clause["id"] for clause in report_of(run)["clauses"] if clause["verdict"] == "error"]


def test_without_a_limit_each_test_runs_once(tmp_path: Path) -> None:
    count = tmp_path / "count"
    run = run_suite(tmp_path / "reports", NIGHTLY, ROW, PROPERTY, plugins=[Counting(count)])
    assert run.code == 0, run.output
    assert len(count.read_text().splitlines()) == 2
    assert any("every test runs once" in line for line in run.lines)


def test_a_replay_of_a_nightly_run_draws_what_that_run_drew(tmp_path: Path) -> None:
    """It depends on the seed alone, not on the tests before."""
    drawn = []
    for number, options in enumerate(([ROW], ["--hypothesis-seed=7"])):
        bodies = Bodies(tmp_path / f"bodies{number}", seed=None if options == [ROW] else 7)
        tests = [str(ROOT / each) for each in (*options, PROPERTY) if not each.startswith("--")]
        seeds = [each for each in options if each.startswith("--")]
        folder = tmp_path / f"reports{number}"
        run_suite(folder, NIGHTLY, *seeds, *tests, plugins=[bodies], cwd=tmp_path)
        drawn.append(bodies.path.read_text())
    assert drawn[0]
    assert drawn[0] == drawn[1]


NAME = re.compile(r"cct[-_]?[a-z0-9]{5}[-_x]?\d+")


class Bodies:
    """Keeps what Hypothesis drew; `seed` is given to a nightly run as if it had chosen it itself."""

    def __init__(self, path: Path, seed: int | None) -> None:
        self.path = path
        self._seed = seed

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config) -> None:
        if self._seed is None:
            config.option.nightly_seed = 7
            set_seed(7)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        handle = getattr(pyfuncitem.obj, "hypothesis", None)
        if handle is None:
            return (yield)
        inner = handle.inner_test

        def keeping(*args: Any, **drawn: Any) -> Any:
            # The names of a run contain its id, and a number that depends on the tests before.
            sizes = sorted(len(NAME.sub("", str(value))) for name, value in drawn.items() if name != "api")
            with self.path.open("a") as log:
                log.write(f"{sizes}\n")
            return inner(*args, **drawn)

        handle.inner_test = keeping
        try:
            return (yield)
        finally:
            handle.inner_test = inner


def test_workers_run_each_test_once(tmp_path: Path) -> None:
    run = run_suite(tmp_path / "reports", NIGHTLY, budget(tmp_path, max_seconds=50), "-n2", ROW)
    assert run.code == 0, run.output
    assert any("workers run no rounds" in line for line in run.lines)


def test_on_a_terminal_one_line_replaces_the_dots(tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "pytest", NIGHTLY, budget(tmp_path, max_requests=300), PROPERTY]
    command += [f"--report-dir={tmp_path / 'reports'}", "-p", "no:cacheprovider"]
    environ = {name: value for name, value in environment().items() if name != "CI"}
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        said = b""
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:  # the end of the output of a terminal
                break
            if not part:
                break
            said += part
        assert process.wait(DEADLINE) == 0, said.decode()
    os.close(ours)
    text = said.decode()
    assert re.search(r"round \d · [\d,]+ requests left · 0 failing · \d+ requests", text)
    assert not re.search(r"test_get\.py.* \.", text)
    assert "Conformant as far as assessed" in text


GROWTH = 1.0
"""Blocks of memory a request: one that is kept anywhere takes some twenty."""


class Memory:
    """How many blocks of memory are in use, and requests sent, when each round begins."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._round = 1

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        run = item.config.stash[RUN]
        if run.options.round > self._round:
            self._round = run.options.round
            run.client.recorder._kept = (
                20  # of the last thousand, which it keeps by design, as many as a round asks
            )
            gc.collect()
            with self._path.open("a") as log:
                log.write(f"{self._round} {run.totals().requests.total} {sys.getallocatedblocks()}\n")
        return (yield)


def test_memory_does_not_grow_with_rounds(tmp_path: Path) -> None:
    path = tmp_path / "memory"
    options = [NIGHTLY, budget(tmp_path, max_requests=1000), PROPERTY]
    run = run_suite(tmp_path / "reports", *options, plugins=[Memory(path)])
    assert run.code == 0, run.output
    lines = (map(int, line.split()) for line in path.read_text().splitlines())
    seen = {number: (requests, blocks) for number, requests, blocks in lines}
    assert max(seen) >= 6, "too few rounds"
    (before, first), (after, last) = seen[max(seen) // 2], seen[max(seen)]
    assert (last - first) / (after - before) < GROWTH, seen


def finding(outcome: Any, examples: int = 1, reason: str = "") -> Finding:
    """What a test found of one clause."""
    return Finding("get.status.ok", "a test", outcome, reason, evidence=Evidence(examples=examples))


def test_equal_findings_are_one_and_their_evidence_adds_up() -> None:
    store = FindingStore()
    for _ in range(3):
        store.add([finding("pass", 5)])
    store.add([finding("not_assessed", 2, "[safety] max_seconds = 1 is reached")], repeated=True)
    store.add([finding("error", 1, "The network failed")], repeated=True)
    assert [*store] == [finding("pass", 18)]
    assert store.with_result == {"get.status.ok"}


def test_the_first_round_keeps_what_it_could_not_assess() -> None:
    store = FindingStore()
    store.add([finding("pass"), finding("error", 1, "The network failed")])
    assert len([*store]) == 2
    assert store.drain()
    assert not store.drain()
