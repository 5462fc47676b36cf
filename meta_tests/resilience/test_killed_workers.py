"""SIGKILL of a worker or of the run at a random moment: no hang, no lost test, and nothing is left after a sweep."""

import json
import os
import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from meta_tests.resilience.background_load import ForeignCustomers, among, ledgers, reaches
from meta_tests.support.project_runs import DEADLINE, RunningSuite, start_suite

TESTS = ("tests/writes", "tests/reads/test_sorting.py", "tests/histories/test_final_state.py")
WORKERS = 3
SEEDS = range(int(os.environ.get("KILLS", "2")))
"""Each seed is one killed process; KILLS=30 measures more."""


@pytest.fixture(scope="module")
def tenant() -> Iterator[ForeignCustomers]:
    """A tenant with customers of others, for all of these runs."""
    with among(10) as tenant:
        yield tenant


def children(process: int) -> list[int]:
    """The worker processes of a run."""
    path = Path(f"/proc/{process}/task/{process}/children")
    if not path.parent.exists():
        pytest.skip("Not checked: this system does not list the children of a process.")
    return [int(each) for each in path.read_text().split()]


def start(tenant: ForeignCustomers, folder: Path, moment: random.Random) -> RunningSuite:
    """A run with workers, at a random moment after its first customers."""
    config = f"--tenant-config={tenant.tenant_config(folder.parent)}"
    run = start_suite(folder, *TESTS, f"-n{WORKERS}", config, environ=tenant.environ)
    reaches(run, tenant, moment.randint(4, 40))
    time.sleep(moment.random() * 0.5)
    return run


@pytest.mark.parametrize("seed", SEEDS)
def test_the_tests_of_a_killed_worker_run_in_another(
    tmp_path: Path, tenant: ForeignCustomers, seed: int
) -> None:
    moment = random.Random(seed)  # noqa: S311 - no secret
    run = start(tenant, tmp_path / "reports", moment)
    workers = children(run.process.pid or 0)
    os.kill(moment.choice(workers), signal.SIGKILL)
    done = run.wait()
    assert done.code == 0, done.output
    report = json.loads((done.folder / "conformance.json").read_text(encoding="utf-8"))
    assert report["data"]["left"] == 0
    assert len(ledgers(done.folder)) == 1
    assert (tenant.left(), tenant.changed()) == ([], [])


def test_a_test_that_kills_its_worker_twice_is_an_error(tmp_path: Path, tenant: ForeignCustomers) -> None:
    done = start_suite(
        tmp_path / "reports", "tests/writes/test_delete.py", "-n2", environ=tenant.environ, plugins=[Killer()]
    ).wait()
    report = json.loads((done.folder / "conformance.json").read_text(encoding="utf-8"))
    assert done.code == 6, done.output
    errors = {each["id"] for each in report["clauses"] if each["verdict"] == "error"}
    assert "delete.unknown.not-found" in errors
    assert (tenant.left(), tenant.changed()) == ([], [])


class Killer:
    """A plugin that kills each process that runs a certain test."""

    def pytest_runtest_call(self, item: pytest.Item) -> None:
        if "unknown" in item.name:
            os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_workers_of_a_killed_run_end_and_a_sweep_deletes_the_rest(
    tmp_path: Path, tenant: ForeignCustomers, seed: int
) -> None:
    run = start(tenant, tmp_path / "reports", random.Random(seed))  # noqa: S311 - no secret
    workers = children(run.process.pid or 0)
    os.kill(run.process.pid or 0, signal.SIGKILL)
    run.process.join(DEADLINE)
    deadline = time.monotonic() + DEADLINE
    while any(Path(f"/proc/{worker}").exists() for worker in workers):
        assert time.monotonic() < deadline, "a worker outlives its run"
        time.sleep(0.05)
    swept = tenant.sweep("--report-dir", str(tmp_path / "reports"))
    assert (swept.returncode, swept.stderr) == (0, "")
    assert (tenant.left(), tenant.changed()) == ([], [])
    assert len(ledgers(tmp_path / "reports")) == 1
