"""A nightly run with a budget: rounds until it is spent, each failure told once, and memory that does not grow."""

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

from harness.plugin.finding_store import FindingStore
from meta_tests.support.project_runs import DEADLINE, ROOT, Ended, ended, environment
from reporting.model.findings import Evidence, Finding
from spec import Violation

NIGHTLY = "--hypothesis-profile=nightly"
PROPERTY = "tests/reads/test_get.py::test_a_customer_is_shown_as_published"
"""Draws what it asks: some 130 requests a round."""
ROW = "tests/reads/test_get.py::test_a_customer_of_no_company_is_b2c"
"""Always the same question."""


def budget(folder: Path, **bounds: float) -> str:
    """The option that sets these bounds."""
    path = folder / "tenant.toml"
    path.write_text("[safety]\n" + "".join(f"{name} = {bound}\n" for name, bound in bounds.items()))
    return f"--tenant-config={path}"


def told(run: Ended) -> dict[str, Any]:
    """The report of the run."""
    document: dict[str, Any] = json.loads((run.folder / "conformance.json").read_text())
    return document


def cases(run: Ended) -> Iterator[ElementTree.Element]:
    """The tests of junit.xml."""
    return ElementTree.parse(run.folder / "junit.xml").iter("testcase")  # noqa: S314 - our own file


class Counting:
    """How often each test was asked, and by which seed its round drew."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_call(self, item: pytest.Item) -> None:
        with self._path.open("a") as log:
            log.write(f"{item.nodeid}\n")


class BreaksLate:
    """The tenant, seen to break a promise in the second round and in every one after it."""

    def __init__(self) -> None:
        self._asked = 0

    @pytest.hookimpl(wrapper=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        result = yield
        self._asked += pyfuncitem.name in PROPERTY
        if self._asked > 1 and pyfuncitem.name in PROPERTY:
            raise Violation("get.status.ok", expected="200", actual="status 418")
        return result


def test_a_nightly_run_asks_until_its_budget_is_spent(tmp_path: Path) -> None:
    count = tmp_path / "asked"
    run = ended(
        tmp_path / "reports",
        NIGHTLY,
        budget(tmp_path, max_requests=500),
        "-v",
        "--hypothesis-seed=41",
        PROPERTY,
        ROW,
        plugins=[Counting(count)],
    )
    assert run.code == 0, run.said
    report, asked = told(run), count.read_text().splitlines()
    assert any("seed 41" in line and "until [safety] max_requests = 500" in line for line in run.lines)
    assert any(
        re.match(r"\d rounds were asked: \[safety\] max_requests = 500 is reached\.", line)
        for line in run.lines
    )
    assert report["requests"]["total"] >= 500
    assert report["data"]["created"] == report["data"]["deleted"] > 0
    assert asked.count(PROPERTY) > 2
    assert len([name for name in asked if name == ROW]) == 1
    shown = next(clause for clause in report["clauses"] if clause["id"] == "get.schema.customer")
    assert shown["verdict"] == "pass"
    assert shown["evidence"]["examples"] > 96
    assert not [clause["id"] for clause in report["clauses"] if "max_requests" in clause["reason"]]
    assert len([*cases(run)]) == 2
    assert len([*(run.folder / "allure-results").glob("*-result.json")]) == 2


def test_what_fails_in_a_later_round_is_told_once_and_with_its_seed(tmp_path: Path) -> None:
    count = tmp_path / "asked"
    run = ended(
        tmp_path / "reports",
        NIGHTLY,
        budget(tmp_path, max_requests=900),
        "--hypothesis-seed=41",
        PROPERTY,
        "tests/reads/test_get.py::test_looking_changes_nothing",
        plugins=[BreaksLate(), Counting(count)],
    )
    assert run.code == 1, run.said
    assert count.read_text().splitlines().count(PROPERTY) == 2
    failing = [case for case in cases(run) if case.find("failure") is not None]
    assert [case.get("name") for case in failing] == [f"{PROPERTY.rpartition(':')[2]} (round 2)"]
    broken = next(clause for clause in told(run)["clauses"] if clause["id"] == "get.status.ok")
    assert broken["verdict"] == "fail"
    assert len(broken["failures"]) == 1
    assert "--hypothesis-seed=42" in broken["failures"][0]["replay"]
    results = [json.loads(each.read_text()) for each in (run.folder / "allure-results").glob("*-result.json")]
    again = [each for each in results if each["name"] == PROPERTY.rpartition(":")[2]]
    assert len({each["historyId"] for each in again}) == 1
    assert [each["status"] for each in sorted(again, key=lambda each: each["start"])] == ["passed", "failed"]


def test_a_bound_that_is_reached_between_links_is_no_error(tmp_path: Path) -> None:
    test = "tests/protocol/test_schema.py::test_the_links_between_operations"
    run = ended(tmp_path / "reports", NIGHTLY, budget(tmp_path, max_requests=40), test)
    assert "Flaky" not in run.said
    assert [case.find("skipped") is not None for case in cases(run)] == [True]
    assert not [clause["id"] for clause in told(run)["clauses"] if clause["verdict"] == "error"]


def test_without_a_bound_each_question_is_asked_once(tmp_path: Path) -> None:
    count = tmp_path / "asked"
    run = ended(tmp_path / "reports", NIGHTLY, ROW, PROPERTY, plugins=[Counting(count)])
    assert run.code == 0, run.said
    assert len(count.read_text().splitlines()) == 2
    assert any("every test once" in line for line in run.lines)


def test_a_replay_of_a_nightly_run_draws_what_that_run_drew(tmp_path: Path) -> None:
    """By its seed alone, whatever else was asked before."""
    drawn = []
    for number, options in enumerate(([ROW], ["--hypothesis-seed=7"])):
        bodies = Bodies(tmp_path / f"bodies{number}", seed=None if options == [ROW] else 7)
        tests = [str(ROOT / each) for each in (*options, PROPERTY) if not each.startswith("--")]
        seeds = [each for each in options if each.startswith("--")]
        folder = tmp_path / f"reports{number}"
        ended(folder, NIGHTLY, *seeds, *tests, plugins=[bodies], cwd=tmp_path)
        drawn.append(bodies.path.read_text())
    assert drawn[0]
    assert drawn[0] == drawn[1]


class Bodies:
    """Keeps what Hypothesis drew; `seed` is given to a nightly run as if it had chosen it itself."""

    def __init__(self, path: Path, seed: int | None) -> None:
        self.path = path
        self._seed = seed

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config) -> None:
        from harness.plugin import profiles as asking

        if self._seed is None:
            config.option.nightly_seed = 7
            asking.ask_by(7)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> Generator[None, object, object]:
        handle = getattr(pyfuncitem.obj, "hypothesis", None)
        if handle is None:
            return (yield)
        inner = handle.inner_test

        def keeping(*args: Any, **drawn: Any) -> Any:
            with self.path.open("a") as log:
                log.write(f"{sorted(len(str(value)) for name, value in drawn.items() if name != 'tenant')}\n")
            return inner(*args, **drawn)

        handle.inner_test = keeping
        try:
            return (yield)
        finally:
            handle.inner_test = inner


def test_workers_ask_each_question_once_and_say_so(tmp_path: Path) -> None:
    run = ended(tmp_path / "reports", NIGHTLY, budget(tmp_path, max_seconds=50), "-n", "1", ROW)
    assert run.code == 0, run.said
    assert any("workers know no rounds" in line for line in run.lines)


def test_on_a_terminal_one_line_takes_the_place_of_dots(tmp_path: Path) -> None:
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
            except OSError:  # how the end of a terminal is told
                break
            if not part:
                break
            said += part
        assert process.wait(DEADLINE) == 0, said.decode()
    os.close(ours)
    text = said.decode()
    assert re.search(r"round 1 · [\d,]+ requests left · 0 failing · \d+ requests", text)
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
        run = item.config.pluginmanager.get_plugin("contract-run")
        if run.options.round > self._round:
            self._round = run.options.round
            run.client.recorder._kept = (
                20  # of the last thousand, which it keeps by design, as many as a round asks
            )
            gc.collect()
            with self._path.open("a") as log:
                log.write(f"{self._round} {run.requests().total} {sys.getallocatedblocks()}\n")
        return (yield)


def test_memory_does_not_grow_with_rounds(tmp_path: Path) -> None:
    path = tmp_path / "memory"
    options = [NIGHTLY, budget(tmp_path, max_requests=1000), PROPERTY]
    run = ended(tmp_path / "reports", *options, plugins=[Memory(path)])
    assert run.code == 0, run.said
    lines = (map(int, line.split()) for line in path.read_text().splitlines())
    seen = {number: (requests, blocks) for number, requests, blocks in lines}
    assert max(seen) >= 6, "too few rounds to tell"
    (before, first), (after, last) = seen[max(seen) // 2], seen[max(seen)]
    assert (last - first) / (after - before) < GROWTH, seen


def finding(outcome: Any, examples: int = 1, reason: str = "") -> Finding:
    """What a test found of one clause."""
    return Finding("get.status.ok", "a test", outcome, reason, evidence=Evidence(examples=examples))


def test_what_is_found_again_is_one_finding_and_its_evidence_adds_up() -> None:
    gathering = FindingStore()
    for _ in range(3):
        gathering.add([finding("pass", 5)])
    gathering.add([finding("not_assessed", 2, "[safety] max_seconds = 1 is reached")], again=True)
    gathering.add([finding("error", 1, "The network failed")], again=True)
    assert [*gathering] == [finding("pass", 18)]
    assert gathering.assessed == {"get.status.ok"}


def test_a_first_round_tells_what_it_could_not_assess() -> None:
    gathering = FindingStore()
    gathering.add([finding("pass"), finding("error", 1, "The network failed")])
    assert len(gathering) == 2
    assert gathering.taken()
    assert not gathering.taken()
