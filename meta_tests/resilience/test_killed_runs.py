"""A sweep deletes what a killed run without workers left behind, found by its ledger or by its prefix."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from meta_tests.resilience.background_load import ForeignCustomers, among, killed, ledgers
from meta_tests.support.project_runs import start_suite

WRITING_TESTS = ("tests/writes/test_bodies.py", "tests/writes/test_patch.py", "tests/writes/test_upsert.py")


@pytest.fixture(scope="module")
def tenant() -> Iterator[ForeignCustomers]:
    """A tenant with customers of others, for all of these runs."""
    with among(40) as tenant:
        yield tenant


def kill_a_run(tenant: ForeignCustomers, folder: Path, seed: int) -> str:
    """Start a run and kill it at a moment that the seed determines; returns its id."""
    moment = random.Random(seed)  # noqa: S311 - no secret
    # Without a ledger, a customer with nothing of the run in it cannot be found.
    options = (*WRITING_TESTS, "-n0", "-k", "not without_a_body")
    killed(start_suite(folder, *options, environ=tenant.environ), tenant, moment)
    # A create that was in flight when the run was killed may still arrive.
    before, now = -1, len(tenant.left())
    while now != before:
        before, now = now, len(tenant.left())
    assert now, "the run was killed before it created a customer"
    return ledgers(folder)[0].stem


def assert_only_foreign_customers(tenant: ForeignCustomers) -> None:
    assert tenant.left() == []
    assert tenant.changed() == []


@pytest.mark.parametrize("seed", range(2))
def test_a_sweep_deletes_all_that_a_killed_run_created(
    tmp_path: Path, tenant: ForeignCustomers, seed: int
) -> None:
    run = kill_a_run(tenant, tmp_path / "reports", seed)
    left = tenant.left()
    options = ("--report-dir", str(tmp_path / "reports"))
    too_new = tenant.sweep(*options, "--older-than", "1")
    assert (too_new.returncode, too_new.stderr) == (0, "")
    dry_run = tenant.sweep(*options, "--dry-run")
    assert f"Run {run}: would delete {len(left)} customer" in dry_run.stdout
    assert tenant.left() == left, "neither deletes anything"
    swept = tenant.sweep(*options)
    assert (swept.returncode, swept.stderr) == (0, "")
    assert f"Run {run}: deleted {len(left)} customer" in swept.stdout
    assert ", 0 left." in swept.stdout
    assert_only_foreign_customers(tenant)


def test_without_the_ledger_the_prefix_is_enough(tmp_path: Path, tenant: ForeignCustomers) -> None:
    run = kill_a_run(tenant, tmp_path / "reports", 7)
    left = tenant.left()
    options = ("--report-dir", str(tmp_path / "new machine"))
    for more in ((), ("--older-than", "1")):
        swept = tenant.sweep(*options, *more)
        assert f"Run {run} has {len(left)} customer" in swept.stdout
        assert tenant.left() == left, "the run may be in progress on another machine"
    dry_run = tenant.sweep(*options, "--older-than", "0", "--dry-run")
    assert f"Run {run}: would delete {len(left)} customer" in dry_run.stdout
    assert ledgers(tmp_path / "new machine") == [], "a dry run writes no ledger"
    by_id = tenant.sweep(*options, "--run", run)
    assert f"Run {run}: deleted {len(left)} customer" in by_id.stdout
    assert_only_foreign_customers(tenant)


def test_a_sweep_by_age_needs_neither_ledger_nor_id(tmp_path: Path, tenant: ForeignCustomers) -> None:
    run = kill_a_run(tenant, tmp_path / "reports", 8)
    swept = tenant.sweep("--report-dir", str(tmp_path / "new machine"), "--older-than", "0")
    assert (swept.returncode, swept.stderr) == (0, "")
    assert f"Run {run}: deleted " in swept.stdout
    assert_only_foreign_customers(tenant)
