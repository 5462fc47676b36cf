"""`python -m meta_tests.effectiveness.imitations`: runs the suite on random tenants and on their imitations.

Each tenant has several compatible variations, some of them limited to operations, and is started a second time with a
seeded defect. Printed are the readings that differ between the run on the tenant and the run on its imitation, and
whether the clause that fails on the tenant with the defect fails on its imitation too. Exit code 1 if any differs.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from random import Random

from meta_tests.effectiveness.variation_packs import are_compatible
from meta_tests.support.imitations import changed_readings, options_for, run_on_mock
from meta_tests.support.readings import UNSPECIFIED
from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant.registry import DEFECTS, VARIATIONS
from reporting import read

NOT_OBSERVABLE = frozenset(
    {
        "large-background-load",
        "slow",
        "uneven",
        "rate-limited",
        "rejects-now-and-then",
        "flaky-gateway",
        "gateway-loses-answers",
        "short-tokens",
    }
)
"""Variations of the network and of the load, which a report does not show."""
WITH_READINGS, WITHOUT = 6, 4
"""How many variations of a tenant have readings, and how many have none."""
ATTEMPTS = 3
"""How many defects are tried on a tenant."""
DEADLINE = 300.0
"""Seconds within which one run ends."""


def random_tenant(seed: int) -> tuple[str, ...]:
    """Compatible variations; half of those whose readings are about several operations are limited to some."""
    random = Random(seed)  # noqa: S311 - not used for security
    names: list[str] = []
    for name in random.sample(
        sorted(set(VARIATIONS) - NOT_OBSERVABLE), len(VARIATIONS) - len(NOT_OBSERVABLE)
    ):
        has_readings = bool(VARIATIONS[name].readings)
        alike = sum(bool(VARIATIONS[each].readings) == has_readings for each in names)
        if alike < (WITH_READINGS if has_readings else WITHOUT) and all(
            are_compatible(name, each) for each in names
        ):
            names.append(name)
    return tuple(limited(name, random) if random.random() < 1 / 2 else name for name in names)


def limited(name: str, random: Random) -> str:
    """A variation limited to some of the operations of its readings; unlimited if they are about one operation."""
    operations = sorted(
        {clause.partition(".")[0] for clause in UNSPECIFIED if VARIATIONS[name].reading(clause)}
    )
    if len(operations) < 2:
        return name
    return f"{name}:{','.join(random.sample(operations, random.randrange(1, len(operations))))}"


def random_defects(seed: int) -> list[str]:
    """Defects that are observable at once and without further conditions; variations may hide one of them."""
    names = [
        name
        for name, defect in DEFECTS.items()
        if not (defect.probabilistic or defect.tenant_config or defect.requires_variations)
    ]
    return Random(seed).sample(names, ATTEMPTS)  # noqa: S311 - not used for security


def differences(folder: Path, seed: int) -> list[str]:
    """What differs between a random tenant and its imitation, without and with a defect."""
    tenant = options_for(random_tenant(seed))
    original = run_on_mock(folder / "tenant", tenant, deadline=DEADLINE)
    report = original.folder / "conformance.json"
    imitated = run_on_mock(folder / "imitation", ["--like", str(report)], deadline=DEADLINE)
    different = changed_readings(report, imitated.folder / "conformance.json")
    ready = json.loads((folder / "imitation" / "ready.json").read_text(encoding="utf-8"))["imitation"]
    observed = read(report).select("observed")
    sys.stdout.write(
        f"tenant {seed}: exit codes {original.code} and {imitated.code}, {len(observed)} observed clauses, "
        f"{len(different)} different\n  variations: {' '.join(random_tenant(seed))}\n"
        f"  imitation: {' '.join(ready['variations'])}\n"
    )
    return [*different, *ready["not_imitated"], *missed_failures(folder, tenant, random_defects(seed))]


def missed_failures(folder: Path, tenant: Sequence[str], defects: Sequence[str]) -> list[str]:
    """The failing clauses of a tenant with the first defect that its variations do not hide, if none fails again."""
    for defect in defects:
        clause = [f"--clause={DEFECTS[defect].clause}"]
        failing = run_on_mock(folder / defect, [*tenant, f"--defect={defect}"], clause, deadline=DEADLINE)
        report = failing.folder / "conformance.json"
        if expected := failing_clauses(report):
            break
    else:
        return [f"{', '.join(defects)}: no clause fails"]
    options = ["--like", str(report), "--with-defects"]
    imitated = run_on_mock(folder / "with defects", options, clause, deadline=DEADLINE)
    found = failing_clauses(imitated.folder / "conformance.json")
    sys.stdout.write(f"  defect {defect}: {' '.join(expected)} fails; on the imitation {' '.join(found)}\n")
    return [] if set(expected) & set(found) else [f"{defect}: {expected} against {found}"]


def failing_clauses(report: Path) -> list[str]:
    """The clauses that fail in a report."""
    return [each.id for each in read(report).failing()]


def main(arguments: Sequence[str]) -> int:
    """Runs the suite on tenants and imitations; returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m meta_tests.effectiveness.imitations", description=__doc__
    )
    parser.add_argument("--tenants", type=int, default=10, metavar="N")
    parser.add_argument("--first-seed", type=int, default=0, metavar="SEED")
    options = parser.parse_args(arguments)
    started, found = time.monotonic(), []
    for seed in range(options.first_seed, options.first_seed + options.tenants):
        with tempfile.TemporaryDirectory(prefix="contract-imitations-") as folder:
            found += [f"tenant {seed}: {each}" for each in differences(Path(folder), seed)]
        sys.stdout.flush()
    sys.stdout.write("\n".join([*found, f"{len(found)} differences in {options.tenants} tenants"]) + "\n")
    sys.stdout.write(f"{time.monotonic() - started:.0f} seconds\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
