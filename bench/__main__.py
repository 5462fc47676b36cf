"""`make bench`: runs the contenders on the same tenant with the same planted defects, and writes bench/RESULTS.md.

The defects are a sample by rule: of all, ordered by the clause that they break, every n-th. Runs are repeated in
turn, and medians are told. Times are of whole commands, from start to exit.
"""

import argparse
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from statistics import median

from bench.contenders import CONTENDERS, Measured
from bench.tenant import tenant
from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant.registry import DEFECTS

RESULTS = Path(__file__).with_name("RESULTS.md")
PACKAGES = ("schemathesis", "hypothesis", "pytest", "httpx", "uvicorn")


def sample(size: int) -> list[str]:
    """So many defects, spread evenly over the clauses that they break."""
    names = sorted(DEFECTS, key=lambda name: (DEFECTS[name].clause, name))
    return [names[number * len(names) // size] for number in range(size)]


def main(arguments: Sequence[str]) -> int:
    """Measure, print the table and write it down."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each contender on the clean tenant")
    parser.add_argument("--defects", type=int, default=40, help="how many planted defects are tried")
    parser.add_argument("--output", type=Path, default=RESULTS)
    options = parser.parse_args(arguments)
    clean: dict[str, list[Measured]] = {name: [] for name in CONTENDERS}
    for _ in range(options.runs):
        for name, run in CONTENDERS.items():
            with tenant() as asked:
                clean[name].append(run(asked, False))
            say(f"{name}: {clean[name][-1].rate:.0f} exchanges a second")
    hunted: dict[str, list[Measured]] = {name: [] for name in ("suite", "Schemathesis CLI")}
    for defect in sample(options.defects):
        for name, found in hunted.items():
            with tenant(defect) as asked:
                found.append(CONTENDERS[name](asked, True))
            say(
                f"{defect}: {name} {'caught it' if found[-1].red else 'missed it'} ({found[-1].seconds:.0f} s)"
            )
    told = page(clean, hunted, options.runs)
    options.output.write_text(told, encoding="utf-8")
    say(told)
    return 0


def say(text: str) -> None:
    """A line at once, for a run takes its time."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def page(clean: Mapping[str, Sequence[Measured]], hunted: Mapping[str, Sequence[Measured]], runs: int) -> str:
    """The results as a page: medians, and the suite's as multiples of the command line's."""
    names = list(clean)
    rows: list[tuple[str, list[float | None]]] = [
        ("judged exchanges a second", [median(run.rate for run in clean[name]) for name in names]),
        ("exchanges of a clean run", [median(run.exchanges for run in clean[name]) for name in names]),
        ("wall time of a clean run, s", [median(run.seconds for run in clean[name]) for name in names]),
        ("peak memory, MiB", [median(run.peak for run in clean[name]) for name in names]),
        ("customers left behind", [median(run.left for run in clean[name]) for name in names]),
        ("false alarms on the clean tenant, runs", [sum(run.red for run in clean[name]) for name in names]),
    ]
    for kind in ("network", "judgement", "generation"):
        rows.append((f"share of {kind}, %", [share(clean[name], kind) for name in names]))
    number = max((len(found) for found in hunted.values()), default=0)
    if number:
        # whoever is red on the clean tenant as well has caught nothing
        honest = {name: found for name, found in hunted.items() if not any(run.red for run in clean[name])}
        caught = {name: sum(run.red for run in found) for name, found in honest.items()}
        rows.append((f"defects caught of {number}", [caught.get(name) for name in names]))
        rows.append(
            ("… per 1,000 exchanges of a clean run", [per_thousand(clean, caught, name) for name in names])
        )
        for told, kind in (("time", "seconds"), ("exchanges", "exchanges")):
            title = f"{told} to the first failure" + (", s" if kind == "seconds" else "")
            rows.append((title, [first(honest.get(name, ()), kind) for name in names]))
    lines = [f"| | {' | '.join(names)} | suite / CLI |", "|---|" + "--:|" * (len(names) + 1)]
    for told, values in rows:
        ours, theirs = values[0], values[1]
        ratio = f"{ours / theirs:.2f}" if ours is not None and theirs else "–"
        lines.append(f"| {told} | {' | '.join(map(shown, values))} | {ratio} |")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    return "\n".join(
        [
            "# Results of make bench",
            "",
            f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}, {platform.system()}), "
            f"Python {platform.python_version()}, {versions}.",
            f"Medians of {runs} runs on the clean mock tenant; load of the machine {os.getloadavg()[1]:.1f} "
            "over the last five minutes.",
            "",
            *lines,
            "",
            "A clean run of the suite is a gate run. Time and exchanges to the first failure are those of a whole "
            "command that ends there (`-x`, `--max-failures 1`), over the defects that it caught, clean-up included. "
            "What is in no share is start, collection, pytest and reports; of the command line's time only that on "
            "the network is known. The bare loop reads one small page 2,000 times. Caught is what ends with exit "
            "code 1; the suite runs under `--strict`, so that a broken SHOULD counts.",
            "",
        ]
    )


def share(runs: Sequence[Measured], kind: str) -> float | None:
    """How much of the wall time this kind of work takes, in percent."""
    known = [100 * run.spent[kind] / run.seconds for run in runs if kind in run.spent]
    return median(known) if known else None


def per_thousand(
    clean: Mapping[str, Sequence[Measured]], caught: Mapping[str, int], name: str
) -> float | None:
    """The defects caught, by the exchanges that one whole run takes."""
    return 1000 * caught[name] / median(run.exchanges for run in clean[name]) if name in caught else None


def first(found: Sequence[Measured], kind: str) -> float | None:
    """The median of what it took to the first failure: seconds, or exchanges."""
    red = [getattr(run, kind) for run in found if run.red]
    return median(red) if red else None


def shown(value: float | None) -> str:
    """A number as a person reads it."""
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
