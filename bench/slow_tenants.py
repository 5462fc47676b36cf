"""How long a gate run takes on a slow tenant: with the workers that it chooses, without, and the command line.

A tenant is slow if it answers late, or if its reads show changes late; the command line does not wait for those.
"""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Final
from urllib.parse import urlsplit

import tomlkit

from bench.tenant import MeasuredTenant, running_tenant
from bench.tools import ROOT, Measurement, schemathesis, suite
from harness.plugin.mock_process import MOCK_CONFIGURATION

LATENCIES: Final = (0, 20, 100)
"""Milliseconds that are added to each response."""
LATE_READS: Final = 1.0
"""Seconds after which a tenant with late reads shows a change, in a consistency window of twice the length."""
RUNS: Final = {
    "suite": partial(suite, stop_at_first_failure=False, options=()),
    "suite, -n 0": partial(suite, stop_at_first_failure=False, options=("-n", "0")),
    "Schemathesis CLI": partial(schemathesis, stop_at_first_failure=False),
    "Schemathesis CLI, 8 workers": partial(schemathesis, stop_at_first_failure=False, workers=8),
}


@dataclass(frozen=True)
class SlowRun:
    """A measurement on a tenant with this latency in milliseconds, or with late reads."""

    tool: str
    latency: int
    measurement: Measurement
    late_reads: bool = False

    @property
    def condition(self) -> str:
        """What makes the tenant slow."""
        return f"reads {LATE_READS:.0f} s late" if self.late_reads else f"{self.latency} ms"

    @property
    def floor(self) -> float:
        """Seconds that the run needs at least: its requests wait for the tenant, its processor time has these cores."""
        run = self.measurement
        waiting = run.exchanges * self.latency / 1000 / run.parallel
        return max(waiting, run.processor_seconds / (os.cpu_count() or 1))


def measure(latencies: Sequence[int], tools: Sequence[str]) -> Iterator[SlowRun]:
    """Each tool on each tenant, which is new for each run; the suite also on a tenant with late reads."""
    for latency in latencies:
        for tool in tools:
            with running_tenant() as tenant, delayed(tenant, latency) as slow_tenant:
                yield SlowRun(tool, latency, RUNS[tool](slow_tenant))
    with tempfile.TemporaryDirectory() as folder:
        configuration = tomlkit.parse(MOCK_CONFIGURATION.read_text(encoding="utf-8"))
        configuration["consistency"] = {"read": 2 * LATE_READS, "index": 0.0, "deletion": 0.0}
        tenant_config = Path(folder, "tenant.toml")
        tenant_config.write_text(tomlkit.dumps(configuration), encoding="utf-8")
        for tool in (each for each in tools if each.startswith("suite")):
            with running_tenant(variations=("late-reads",), configuration=tenant_config) as tenant:
                yield SlowRun(tool, 0, RUNS[tool](tenant), late_reads=True)


@contextmanager
def delayed(tenant: MeasuredTenant, latency: int) -> Iterator[MeasuredTenant]:
    """The tenant behind a proxy that adds so many milliseconds to each response."""
    if not latency:
        yield tenant
        return
    url = tenant.environ["EMPORIX_API_URL"]
    port = urlsplit(url).port
    command = [sys.executable, "-m", "bench.latency", str(port), str(latency / 1000)]
    with (
        tempfile.TemporaryFile() as log,
        Popen(command, cwd=ROOT, stdout=PIPE, stderr=log, text=True) as proxy,  # noqa: S603 - our own module
    ):
        assert proxy.stdout is not None
        behind = f":{proxy.stdout.readline().strip()}"
        environ = {name: value.replace(f":{port}", behind) for name, value in tenant.environ.items()}
        try:
            yield replace(tenant, environ=environ)
        finally:
            proxy.terminate()


def by_tenant(runs: Sequence[SlowRun]) -> list[SlowRun]:
    """The runs by latency, those with late reads last."""
    return sorted(runs, key=lambda run: (run.late_reads, run.latency))


def table(runs: Sequence[SlowRun]) -> list[str]:
    """Wall times as Markdown: a row for each tool, a column for each tenant, and the most requests of a run."""
    columns = list(dict.fromkeys(each.condition for each in by_tenant(runs)))
    lines = [
        f"| wall time in seconds (floor) | {' | '.join(columns)} | exchanges |",
        "|---|" + "--:|" * (len(columns) + 1),
    ]
    for tool in dict.fromkeys(each.tool for each in runs):
        found = {each.condition: each for each in runs if each.tool == tool}
        times = " | ".join(
            f"{run.measurement.seconds:.1f} ({run.floor:.1f})" if (run := found.get(each)) else "–"
            for each in columns
        )
        exchanges = max(each.measurement.exchanges for each in found.values())
        lines.append(f"| {tool} | {times} | {exchanges:,} |")
    return lines
