"""A run that is killed leaves nothing behind for long: a sweep finds it by its ledger, or by its prefix."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from meta_tests.resilience.background_load import ForeignCustomers, among, killed, ledgers
from meta_tests.support.project_runs import begun

BUSY = ("tests/writes/test_bodies.py", "tests/writes/test_patch.py", "tests/writes/test_upsert.py")


@pytest.fixture(scope="module")
def strangers() -> Iterator[ForeignCustomers]:
    """A tenant of others, for all of these runs."""
    with among(40) as strangers:
        yield strangers


def interrupted(strangers: ForeignCustomers, folder: Path, moment: int) -> str:
    """A run, killed at some moment; its id."""
    chance = random.Random(moment)  # noqa: S311 - no secret
    killed(begun(folder, *BUSY, environ=strangers.environ), strangers, chance)
    # A create that was under way when the run was killed may still arrive.
    before, now = -1, len(strangers.left())
    while now != before:
        before, now = now, len(strangers.left())
    assert now, "it was killed before it made anything"
    return ledgers(folder)[0].stem


@pytest.mark.parametrize("moment", range(2))
def test_a_sweep_deletes_all_that_a_killed_run_made(
    tmp_path: Path, strangers: ForeignCustomers, moment: int
) -> None:
    run = interrupted(strangers, tmp_path / "reports", moment)
    left = strangers.left()
    folder = ("--report-dir", str(tmp_path / "reports"))
    young = strangers.sweep(*folder, "--older-than", "1")
    assert (young.returncode, young.stderr) == (0, "")
    tried = strangers.sweep(*folder, "--dry-run")
    assert f"Run {run}: would delete {len(left)} customer" in tried.stdout
    assert strangers.left() == left, "neither deletes anything"
    swept = strangers.sweep(*folder)
    assert (swept.returncode, swept.stderr) == (0, "")
    assert f"Run {run}: deleted {len(left)} customer" in swept.stdout
    assert ", 0 left." in swept.stdout
    assert strangers.left() == []
    assert strangers.changed() == []


def test_where_the_ledger_is_lost_the_prefix_is_enough(tmp_path: Path, strangers: ForeignCustomers) -> None:
    run = interrupted(strangers, tmp_path / "reports", 7)
    left = strangers.left()
    elsewhere = ("--report-dir", str(tmp_path / "new machine"))
    told = strangers.sweep(*elsewhere)
    assert f"Run {run} has {len(left)} customer" in told.stdout
    assert strangers.left() == left, "it may be running on another machine"
    young = strangers.sweep(*elsewhere, "--older-than", "1")
    assert f"Run {run} has {len(left)} customer" in young.stdout
    assert strangers.left() == left
    tried = strangers.sweep(*elsewhere, "--older-than", "0", "--dry-run")
    assert f"Run {run}: would delete {len(left)} customer" in tried.stdout
    assert ledgers(tmp_path / "new machine") == [], "a dry run leaves no trace"
    named = strangers.sweep(*elsewhere, "--run", run)
    assert f"Run {run}: deleted {len(left)} customer" in named.stdout
    assert strangers.left() == []
    assert strangers.changed() == []


def test_a_sweep_by_age_needs_neither_ledger_nor_name(tmp_path: Path, strangers: ForeignCustomers) -> None:
    run = interrupted(strangers, tmp_path / "reports", 8)
    swept = strangers.sweep("--report-dir", str(tmp_path / "new machine"), "--older-than", "0")
    assert (swept.returncode, swept.stderr) == (0, "")
    assert f"Run {run}: deleted " in swept.stdout
    assert strangers.left() == []
    assert strangers.changed() == []
