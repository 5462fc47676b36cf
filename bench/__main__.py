"""`make bench`: runs the tools on the same tenant with the same seeded defects, and writes the results.

The defects are every n-th of all, ordered by clause. The tools run alternately, and the table has medians. Times
are those of whole commands, from start to exit. bench/RESULTS.md has the tables, and docs/images/slow-tenants.svg
the figure of the runs on slow tenants.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.figure import figure
from bench.results import page
from bench.slow_tenants import LATENCIES, RUNS, measure, table
from bench.tenant import running_tenant
from bench.tools import ROOT, TOOLS, Measurement
from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant.registry import DEFECTS

RESULTS = Path(__file__).with_name("RESULTS.md")
FIGURE = ROOT / "docs" / "images" / "slow-tenants.svg"
DETECTING_TOOLS = ("suite", "Schemathesis CLI")


def sample(size: int) -> list[str]:
    """The names of `size` defects, spread evenly over the clauses that they violate."""
    names = sorted(DEFECTS, key=lambda name: (DEFECTS[name].clause, name))
    return [names[number * len(names) // size] for number in range(size)]


def main(arguments: Sequence[str]) -> int:
    """Measures the tools, prints the results and writes them to a file; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="runs of each tool on the clean tenant")
    parser.add_argument("--defects", type=int, default=40, help="the number of seeded defects")
    parser.add_argument(
        "--latencies", type=int, nargs="*", default=LATENCIES, help="milliseconds added to each response"
    )
    parser.add_argument("--output", type=Path, default=RESULTS)
    parser.add_argument("--figure", type=Path, default=FIGURE)
    options = parser.parse_args(arguments)
    clean: dict[str, list[Measurement]] = {name: [] for name in TOOLS}
    for _ in range(options.runs):
        for name, run_tool in TOOLS.items():
            with running_tenant() as tenant:
                measurement = run_tool(tenant, False)
            clean[name].append(measurement)
            print_line(f"{name}: {measurement.rate:.0f} exchanges per second")
    on_defects: dict[str, list[Measurement]] = {name: [] for name in DETECTING_TOOLS}
    for defect in sample(options.defects):
        for name, measurements in on_defects.items():
            with running_tenant(defect) as tenant:
                measurement = TOOLS[name](tenant, True)
            measurements.append(measurement)
            verdict = "detected" if measurement.failed else "not detected"
            print_line(f"{defect}: {verdict} by {name} ({measurement.seconds:.0f} s)")
    slow_runs = []
    for slow_run in measure(options.latencies, [*RUNS]):
        slow_runs.append(slow_run)
        print_line(f"{slow_run.tool}, {slow_run.condition}: {slow_run.measurement.seconds:.1f} s")
    results = page(clean, on_defects, options.runs, table(slow_runs))
    options.output.write_text(results, encoding="utf-8")
    options.figure.write_text(figure(slow_runs), encoding="utf-8")
    print_line(results)
    return 0


def print_line(text: str) -> None:
    """Prints a line at once, because a run takes long."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
