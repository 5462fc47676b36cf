"""`python -m meta_tests.resilience.reliability`: what runs leave behind, change and wrongly report.

Prints the table of docs/reliability.md. A measurement is a function of how often it is to be repeated: `--only NAME`
asks for one, `--repeat N` says how often. Exit code 1 where anything was left behind, changed or accused.
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
from meta_tests.support import project_runs
from meta_tests.support.project_runs import begun, ended

BUSY = ("tests/writes/test_bodies.py", "tests/writes/test_patch.py", "tests/writes/test_upsert.py")
NEIGHBOURS = 60
LONGEST = 1_200.0
FORKED = ("-W", "ignore::pytest.PytestAssertRewriteWarning")
"""What runs import before pytest does cannot be rewritten, and need not be."""


@dataclass
class Tally:
    """What so many runs came to; `harm` is what must be 0."""

    runs: int = 0
    facts: dict[str, int] = field(default_factory=dict)
    harm: dict[str, int] = field(default_factory=dict)

    def add(self, kind: str, **counts: int) -> None:
        """Add to the facts or to the harm."""
        known = self.facts if kind == "facts" else self.harm
        for name, count in counts.items():
            known[name.replace("_", " ")] = known.get(name.replace("_", " "), 0) + count

    def harmed(self, strangers: ForeignCustomers, **more: int) -> None:
        """Look at the tenant after a run: customers of the run that are left, and others that changed."""
        self.runs += 1
        self.add("harm", left_behind=len(strangers.left()), others_changed=len(strangers.changed()), **more)
        sys.stderr.write(f"{self.runs} runs: {self.facts}; {self.harm}\n")  # a long wait


def kills(repeat: int) -> Tally:
    """Runs killed at a random moment (SIGKILL), each followed by a sweep; the ledger of every third is lost."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, among(NEIGHBOURS) as strangers:
        for number in range(repeat):
            place = Path(folder) / f"run{number}"
            chance = random.Random(number)  # noqa: S311 - no secret
            killed(begun(place, *BUSY, *FORKED, environ=strangers.environ), strangers, chance)
            tally.add("facts", customers_left_by_the_kill=len(strangers.left()))
            if number % 3 == 2:
                strangers.sweep("--report-dir", f"{place}-lost", "--run", ledgers(place)[0].stem)
                tally.add("facts", ledgers_lost=1)
            else:
                strangers.sweep("--report-dir", str(place))
            tally.harmed(strangers)
    return tally


def signals(repeat: int) -> Tally:
    """Runs told to end at a random moment by SIGINT, SIGTERM and SIGHUP in turn; nothing is swept."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, among(NEIGHBOURS) as strangers:
        for number in range(repeat):
            chance = random.Random(number)  # noqa: S311 - no secret
            run = begun(Path(folder) / f"run{number}", *BUSY, *FORKED, environ=strangers.environ)
            reaches(run, strangers, chance.randint(1, 25))
            os.kill(run.process.pid or 0, (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)[number % 3])
            data = json.loads((run.ended().folder / "conformance.json").read_text(encoding="utf-8"))["data"]
            tally.add("facts", customers_made=data["created"])
            tally.harmed(strangers, left_by_the_report=data["left"])
    return tally


def gates(repeat: int) -> Tally:
    """Whole runs of the gate, each with a seed of its own, among customers of others."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, among(NEIGHBOURS) as strangers:
        tenant_config = f"--tenant-config={strangers.tenant_config(Path(folder))}"
        for seed in range(repeat):
            place = Path(folder) / f"run{seed}"
            run = ended(place, tenant_config, f"--hypothesis-seed={seed}", *FORKED, environ=strangers.environ)
            report = json.loads((run.folder / "conformance.json").read_text(encoding="utf-8"))
            verdicts = [each["verdict"] for each in report["clauses"]]
            tally.add("facts", requests=report["requests"]["total"], customers_made=report["data"]["created"])
            tally.harmed(
                strangers,
                left_by_the_report=report["data"]["left"],
                false_alarms=verdicts.count("fail"),
                errors=verdicts.count("error"),
            )
    return tally


MEASUREMENTS: dict[str, tuple[Callable[[int], Tally], int]] = {
    "kills": (kills, 30),
    "signals": (signals, 12),
    "gates": (gates, 3),
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether any harm was done."""
    parser = argparse.ArgumentParser(prog="python -m meta_tests.resilience.reliability", description=__doc__)
    parser.add_argument(
        "--only", action="append", choices=MEASUREMENTS, help="only this measurement; may be repeated"
    )
    parser.add_argument("--repeat", type=int, help="how many runs each")
    read = parser.parse_args(arguments)
    project_runs.DEADLINE = LONGEST
    harmed = False
    for name in read.only or MEASUREMENTS:
        measure, repeat = MEASUREMENTS[name]
        began = time.monotonic()
        tally = measure(read.repeat or repeat)
        told = ", ".join(f"{count:,} {fact}" for fact, count in tally.facts.items())
        harm = ", ".join(f"{count:,} {fact}" for fact, count in tally.harm.items())
        sys.stdout.write(f"| {name} | {tally.runs} | {told} | {harm} | {time.monotonic() - began:.0f} s |\n")
        sys.stdout.flush()
        harmed = harmed or any(tally.harm.values())
    return int(harmed)


if __name__ == "__main__":
    sys.exit(main())
