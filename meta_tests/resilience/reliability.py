"""`python -m meta_tests.resilience.reliability`: what runs leave behind, change and wrongly report.

Prints the table of docs/reliability.md. `--only NAME` selects a measurement, `--repeat N` sets its number of runs.
Exit code 1 if a customer was left behind or changed, or a failure was reported of the conforming tenant.
"""

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from meta_tests.resilience.background_load import ForeignCustomers, among, killed, ledgers, reaches
from meta_tests.support.project_runs import run_suite, start_suite

WRITING_TESTS = ("tests/writes/test_bodies.py", "tests/writes/test_patch.py", "tests/writes/test_upsert.py")
FOREIGN_CUSTOMERS = 60
DEADLINE = 1_200.0
"""Seconds that one run may take."""
FORKED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
"""A forked run imported its modules before pytest could rewrite their assertions."""


@dataclass
class Tally:
    """The counts of several runs; those of `harm` must be 0."""

    runs: int = 0
    facts: dict[str, int] = field(default_factory=dict)
    harm: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, **counts: int) -> None:
        """Add to the counts of this kind, "facts" or "harm"."""
        totals = self.facts if kind == "facts" else self.harm
        for name, count in counts.items():
            label = name.replace("_", " ")
            totals[label] = totals.get(label, 0) + count

    def add_run(self, tenant: ForeignCustomers, **more: int) -> None:
        """Count, after a run, the customers that it left behind and the customers of others that it changed."""
        self.runs += 1
        self.add("harm", left_behind=len(tenant.left()), others_changed=len(tenant.changed()), **more)
        sys.stderr.write(f"{self.runs} runs: {self.facts}; {self.harm}\n")


def kills(repeat: int) -> Tally:
    """Runs killed at a random moment (SIGKILL), each followed by a sweep; every third without the ledger."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, among(FOREIGN_CUSTOMERS) as tenant:
        for number in range(repeat):
            report_dir = Path(folder) / f"run{number}"
            moment = random.Random(number)  # noqa: S311 - no secret
            run = start_suite(report_dir, *WRITING_TESTS, *FORKED, environ=tenant.environ, deadline=DEADLINE)
            killed(run, tenant, moment)
            tally.add("facts", customers_left_by_the_kill=len(tenant.left()))
            if number % 3 == 2:
                tenant.sweep("--report-dir", f"{report_dir}-lost", "--run", ledgers(report_dir)[0].stem)
                tally.add("facts", ledgers_lost=1)
            else:
                tenant.sweep("--report-dir", str(report_dir))
            tally.add_run(tenant)
    return tally


def signals(repeat: int) -> Tally:
    """Runs ended at a random moment by SIGINT, SIGTERM and SIGHUP in turn; nothing is swept."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, among(FOREIGN_CUSTOMERS) as tenant:
        for number in range(repeat):
            moment = random.Random(number)  # noqa: S311 - no secret
            report_dir = Path(folder) / f"run{number}"
            run = start_suite(report_dir, *WRITING_TESTS, *FORKED, environ=tenant.environ, deadline=DEADLINE)
            reaches(run, tenant, moment.randint(1, 25))
            os.kill(run.process.pid or 0, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[number % 3])
            data = json.loads((run.wait().folder / "conformance.json").read_text(encoding="utf-8"))["data"]
            tally.add("facts", customers_created=data["created"])
            tally.add_run(tenant, left_by_the_report=data["left"])
    return tally


def gates(repeat: int) -> Tally:
    """Whole runs of the gate profile, each with its own seed, in a tenant with customers of others."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, among(FOREIGN_CUSTOMERS) as tenant:
        tenant_config = f"--tenant-config={tenant.tenant_config(Path(folder))}"
        for seed in range(repeat):
            report_dir = Path(folder) / f"run{seed}"
            run = run_suite(
                report_dir,
                tenant_config,
                f"--hypothesis-seed={seed}",
                *FORKED,
                environ=tenant.environ,
                deadline=DEADLINE,
            )
            report = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
            verdicts = [each["verdict"] for each in report["clauses"]]
            tally.add(
                "facts", requests=report["requests"]["total"], customers_created=report["data"]["created"]
            )
            tally.add_run(
                tenant,
                left_by_the_report=report["data"]["left"],
                false_positives=verdicts.count("fail"),
                errors=verdicts.count("error"),
            )
    return tally


MEASUREMENTS: dict[str, tuple[Callable[[int], Tally], int]] = {
    "kills": (kills, 30),
    "signals": (signals, 12),
    "gates": (gates, 3),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print; the exit code is 1 if there was any harm."""
    parser = argparse.ArgumentParser(prog="python -m meta_tests.resilience.reliability", description=__doc__)
    parser.add_argument(
        "--only",
        action="append",
        choices=MEASUREMENTS,
        help="only this measurement; may be given several times",
    )
    parser.add_argument("--repeat", type=int, help="the number of runs of each measurement")
    options = parser.parse_args(arguments)
    harm_done = False
    for name in options.only or MEASUREMENTS:
        measure, repeat = MEASUREMENTS[name]
        start = time.monotonic()
        tally = measure(options.repeat or repeat)
        facts = ", ".join(f"{count:,} {fact}" for fact, count in tally.facts.items())
        harm = ", ".join(f"{count:,} {fact}" for fact, count in tally.harm.items())
        sys.stdout.write(f"| {name} | {tally.runs} | {facts} | {harm} | {time.monotonic() - start:.0f} s |\n")
        sys.stdout.flush()
        harm_done = harm_done or any(tally.harm.values())
    return int(harm_done)


if __name__ == "__main__":
    sys.exit(main())
