"""The page of results: medians in a table, with the suite as a multiple of the command line."""

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib import metadata
from statistics import median

from bench.tools import Measurement

PACKAGES = ("schemathesis", "hypothesis", "pytest", "httpx", "uvicorn")
Runs = Mapping[str, Sequence[Measurement]]
"""The measurements of each tool."""
TableRow = tuple[str, list[float | None]]
"""A title, and the value of each tool."""

NOTES = (
    "A clean run of the suite is a gate run. Time and exchanges to the first failure are those of a whole command "
    "that stops there (`-x`, `--max-failures 1`), clean-up included, over the detected defects. The shares leave out "
    "start, collection, pytest and reports; of the command line only the network time is known. The bare loop reads "
    "one small page 2,000 times. A defect is detected if the exit code is 1; the suite runs with `--strict`, so that a "
    "failing SHOULD counts. The floor of a run on a slow tenant is the larger of exchanges × latency / requests in "
    "parallel, and processor time of the tool / cores; the processor also runs the tenant."
)


def page(clean: Runs, on_defects: Runs, repetitions: int, slow_tenants: Sequence[str] = ()) -> str:
    """The results as Markdown: `clean` runs without a defect, and runs `on_defects`, one for each defect."""
    tools = list(clean)
    lines = [f"| | {' | '.join(tools)} | suite / CLI |", "|---|" + "--:|" * (len(tools) + 1)]
    for title, values in [*_clean_rows(clean), *_detection_rows(clean, on_defects)]:
        suite, cli = values[0], values[1]
        ratio = f"{suite / cli:.2f}" if suite is not None and cli else "–"
        lines.append(f"| {title} | {' | '.join(map(_formatted, values))} | {ratio} |")
    versions = ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES)
    return "\n".join(
        [
            "# Results of make bench",
            "",
            f"{datetime.now(UTC):%Y-%m-%d}, {os.cpu_count()} cores ({platform.machine()}, {platform.system()}), "
            f"Python {platform.python_version()}, {versions}.",
            f"Medians of {repetitions} runs on the clean mock tenant; load of the machine {os.getloadavg()[1]:.1f} "
            "over the last five minutes.",
            "",
            *lines,
            "",
            *slow_tenants,
            "",
            NOTES,
            "",
        ]
    )


def _clean_rows(clean: Runs) -> list[TableRow]:
    rows: list[TableRow] = [
        ("checked exchanges per second", [median(run.rate for run in runs) for runs in clean.values()]),
        ("exchanges of a clean run", [median(run.exchanges for run in runs) for runs in clean.values()]),
        ("wall time of a clean run, s", [median(run.seconds for run in runs) for runs in clean.values()]),
        ("peak memory, MiB", [median(run.peak_memory for run in runs) for runs in clean.values()]),
        ("customers left behind", [median(run.left for run in runs) for runs in clean.values()]),
        (
            "false positives on the clean tenant, runs",
            [sum(run.failed for run in runs) for runs in clean.values()],
        ),
    ]
    for category in ("network", "checks", "generation"):
        rows.append((f"share of {category}, %", [_share_of_time(runs, category) for runs in clean.values()]))
    return rows


def _detection_rows(clean: Runs, on_defects: Runs) -> list[TableRow]:
    number = max((len(runs) for runs in on_defects.values()), default=0)
    if not number:
        return []
    # A tool that fails on the clean tenant has detected nothing.
    valid = {name: runs for name, runs in on_defects.items() if not any(run.failed for run in clean[name])}
    detected = {name: sum(run.failed for run in runs) for name, runs in valid.items()}
    per_thousand = {
        name: 1000 * count / median(run.exchanges for run in clean[name]) for name, count in detected.items()
    }
    failures = {name: [run for run in runs if run.failed] for name, runs in valid.items()}
    return [
        (f"defects detected of {number}", [detected.get(name) for name in clean]),
        ("… per 1,000 exchanges of a clean run", [per_thousand.get(name) for name in clean]),
        (
            "time to the first failure, s",
            [_median_or_none([run.seconds for run in failures.get(name, ())]) for name in clean],
        ),
        (
            "exchanges to the first failure",
            [_median_or_none([run.exchanges for run in failures.get(name, ())]) for name in clean],
        ),
    ]


def _share_of_time(runs: Sequence[Measurement], category: str) -> float | None:
    """The share of the wall time that a category takes, in percent."""
    return _median_or_none(
        [100 * run.breakdown[category] / run.seconds for run in runs if category in run.breakdown]
    )


def _median_or_none(values: Sequence[float]) -> float | None:
    return median(values) if values else None


def _formatted(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.1f}"
