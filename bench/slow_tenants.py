"""How long a gate run takes on a slow tenant: with the workers that it chooses, without, and the command line."""

import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from subprocess import PIPE, Popen
from typing import Final
from urllib.parse import urlsplit

from bench.tenant import MeasuredTenant, running_tenant
from bench.tools import ROOT, Measurement, schemathesis, suite

LATENCIES: Final = (0, 20, 100)
"""Milliseconds that are added to each response."""
RUNS: Final = {
    "suite": partial(suite, stop_at_first_failure=False, options=()),
    "suite, -n 0": partial(suite, stop_at_first_failure=False, options=("-n", "0")),
    "Schemathesis CLI": partial(schemathesis, stop_at_first_failure=False),
    "Schemathesis CLI, 8 workers": partial(schemathesis, stop_at_first_failure=False, workers=8),
}


@dataclass(frozen=True)
class SlowRun:
    """A measurement on a tenant with this latency in milliseconds."""

    tool: str
    latency: int
    measurement: Measurement

    @property
    def floor(self) -> float:
        """Seconds that the run needs at least: its requests wait for the tenant, its processor time has these cores."""
        run = self.measurement
        waiting = run.exchanges * self.latency / 1000 / run.parallel
        return max(waiting, run.processor_seconds / (os.cpu_count() or 1))


def measure(latencies: Sequence[int], tools: Sequence[str]) -> Iterator[SlowRun]:
    """Each tool on each tenant, which is new for each run."""
    for latency in latencies:
        for tool in tools:
            with running_tenant() as tenant, delayed(tenant, latency) as slow_tenant:
                yield SlowRun(tool, latency, RUNS[tool](slow_tenant))


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


def table(runs: Sequence[SlowRun]) -> list[str]:
    """Wall times as Markdown: a row for each tool, a column for each latency, and the requests of a run."""
    latencies = sorted({each.latency for each in runs})
    lines = [
        f"| wall time in seconds (floor) | {' | '.join(f'{each} ms' for each in latencies)} | exchanges |",
        "|---|" + "--:|" * (len(latencies) + 1),
    ]
    for tool in dict.fromkeys(each.tool for each in runs):
        found = {each.latency: each for each in runs if each.tool == tool}
        times = " | ".join(
            f"{run.measurement.seconds:.1f} ({run.floor:.1f})" if (run := found.get(each)) else "–"
            for each in latencies
        )
        exchanges = max(each.measurement.exchanges for each in found.values())
        lines.append(f"| {tool} | {times} | {exchanges:,} |")
    return lines
