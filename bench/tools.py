"""The compared tools: how each is run and what is measured. With `stop_at_first_failure`, a run ends there."""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import tomlkit

from bench import baseline
from bench.breakdown import OUTPUT_VARIABLE
from bench.tenant import MeasuredTenant

ROOT = Path(__file__).parents[1]
TIME_LIMIT = 900.0
"""Seconds after which a run is killed."""


@dataclass(frozen=True)
class Measurement:
    """One run: verdict, checked exchanges, seconds, peak memory (MiB), seconds by category, customers left behind.

    `processor_seconds` are those of the tool, without the tenant; `parallel` requests were in flight at most.
    """

    failed: bool
    exchanges: int
    seconds: float
    peak_memory: float
    breakdown: dict[str, float]
    left: int
    processor_seconds: float = 0.0
    parallel: int = 1

    @property
    def rate(self) -> float:
        """Checked exchanges per second."""
        return self.exchanges / self.seconds


Tool = Callable[[MeasuredTenant, bool], Measurement]


def suite(
    tenant: MeasuredTenant, stop_at_first_failure: bool, options: Sequence[str] = ("-n", "0")
) -> Measurement:
    """The suite with the gate profile. A failing SHOULD counts, like a failed check of the command line."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "bench.breakdown"]
        # The command line has no equivalent for the configuration of the tenant.
        tenant_config = Path(folder, "tenant.toml")
        tenant_config.write_text(tomlkit.dumps(tenant.tenant_config), encoding="utf-8")
        command += ["--strict", f"--tenant-config={tenant_config}", f"--report-dir={folder}"]
        command += [*options, *(["-x"] if stop_at_first_failure else [])]
        before = tenant.count_customers()
        breakdown = Path(folder, "breakdown.json")
        environ = {**tenant.environ, OUTPUT_VARIABLE: str(breakdown)}
        process = _run(command, environ)
        report = json.loads(Path(folder, "conformance.json").read_text(encoding="utf-8"))
        measured = json.loads(breakdown.read_text(encoding="utf-8"))
        return Measurement(
            failed=process.exit_code == 1,
            exchanges=report["requests"]["total"],
            seconds=process.seconds,
            peak_memory=process.peak_memory,
            breakdown=measured["seconds"],
            left=tenant.count_customers() - before,
            processor_seconds=process.processor_seconds,
            parallel=max(measured["workers"], 1),
        )


def schemathesis(tenant: MeasuredTenant, stop_at_first_failure: bool, workers: int = 1) -> Measurement:
    """The Schemathesis command line with the schemathesis.toml of the project."""
    with tempfile.TemporaryDirectory() as folder:
        har = Path(folder, "exchanges.har")
        command = [str(Path(sys.executable).with_name("st")), "run", str(ROOT / "spec" / "openapi.yaml")]
        command += ["--url", tenant.environ["EMPORIX_API_URL"], "--seed", "0", "--no-color"]
        command += ["--workers", str(workers)]
        command += ["--report", "har", "--report-har-path", str(har)]
        command += ["--max-failures", "1"] if stop_at_first_failure else []
        before = tenant.count_customers()
        process = _run(command, tenant.environ)
        entries = json.loads(har.read_text(encoding="utf-8"))["log"]["entries"]
        return Measurement(
            failed=process.exit_code == 1,
            exchanges=len(entries),
            seconds=process.seconds,
            peak_memory=process.peak_memory,
            breakdown={"network": sum(max(entry["time"], 0.0) for entry in entries) / 1000},
            left=tenant.count_customers() - before,
            processor_seconds=process.processor_seconds,
            parallel=workers,
        )


def bare_loop(tenant: MeasuredTenant, _stop_at_first_failure: bool) -> Measurement:
    """The baseline: 2,000 reads over one connection without any check."""
    process = _run([sys.executable, "-m", "bench.baseline"], tenant.environ)
    if process.exit_code:
        raise RuntimeError("the bare loop failed")
    return Measurement(
        failed=False,
        exchanges=baseline.REQUESTS,
        seconds=process.seconds,
        peak_memory=process.peak_memory,
        breakdown={},
        left=0,
    )


TOOLS: dict[str, Tool] = {
    "suite": suite,
    "Schemathesis CLI": schemathesis,
    "bare httpx loop": bare_loop,
}


@dataclass(frozen=True)
class EndedProcess:
    """What a command cost: seconds of wall and of processor time, peak memory (MiB), its subprocesses included."""

    exit_code: int
    seconds: float
    processor_seconds: float
    peak_memory: float


def _run(command: Sequence[str], environ: dict[str, str]) -> EndedProcess:
    started = time.monotonic()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603 - commands of this module
            command, cwd=ROOT, env={**os.environ, **environ}, stdout=log, stderr=subprocess.STDOUT
        )
        while True:
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            if time.monotonic() - started > TIME_LIMIT:
                process.kill()
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
    return EndedProcess(
        exit_code=process.returncode,
        seconds=time.monotonic() - started,
        processor_seconds=usage.ru_utime + usage.ru_stime,
        peak_memory=usage.ru_maxrss / 1024,
    )
