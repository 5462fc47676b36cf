"""How each contender is run, and what is read off a run; both end at their first failure where asked to."""

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

from bench.tenant import Asked

ROOT = Path(__file__).parents[1]
DEADLINE = 900.0
"""Seconds after which a run is given up."""


@dataclass(frozen=True)
class Measured:
    """One run: judged exchanges, seconds, peak memory (MiB), seconds by what they were spent on, customers left."""

    red: bool
    exchanges: int
    seconds: float
    peak: float
    spent: dict[str, float]
    left: int

    @property
    def rate(self) -> float:
        """Judged exchanges a second."""
        return self.exchanges / self.seconds


Contender = Callable[[Asked, bool], Measured]


def suite(asked: Asked, first_red: bool) -> Measured:
    """The suite at the gate profile; a broken SHOULD counts too, as it does for the command line's checks."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "bench.shares"]
        # What the specification does not tell of a tenant; the command line has no place for it.
        known = Path(folder, "tenant.toml")
        known.write_text(tomlkit.dumps(asked.tenant_config), encoding="utf-8")
        command += ["--strict", f"--tenant-config={known}", f"--report-dir={folder}"]
        command += ["-x"] if first_red else []
        before = asked.customers()
        code, seconds, peak = _timed(command, {**asked.environ, "BENCH_SHARES": f"{folder}/shares.json"})
        report = json.loads(Path(folder, "conformance.json").read_text(encoding="utf-8"))
        spent = json.loads(Path(folder, "shares.json").read_text(encoding="utf-8"))
        return Measured(
            code == 1, report["requests"]["total"], seconds, peak, spent, asked.customers() - before
        )


def schemathesis(asked: Asked, first_red: bool) -> Measured:
    """The Schemathesis command line with the project's schemathesis.toml."""
    with tempfile.TemporaryDirectory() as folder:
        har = Path(folder, "exchanges.har")
        command = [str(Path(sys.executable).with_name("st")), "run", str(ROOT / "spec" / "openapi.yaml")]
        command += ["--url", asked.environ["EMPORIX_API_URL"], "--seed", "0", "--no-color"]
        command += ["--report", "har", "--report-har-path", str(har)]
        command += ["--max-failures", "1"] if first_red else []
        before = asked.customers()
        code, seconds, peak = _timed(command, asked.environ)
        entries = json.loads(har.read_text(encoding="utf-8"))["log"]["entries"]
        network = sum(max(entry["time"], 0.0) for entry in entries) / 1000
        return Measured(
            code == 1, len(entries), seconds, peak, {"network": network}, asked.customers() - before
        )


def floor(asked: Asked, _first_red: bool) -> Measured:
    """A bare httpx loop: 2,000 reads over one connection, judged by nobody."""
    code, seconds, peak = _timed([sys.executable, "-m", "bench.floor"], asked.environ)
    if code:
        raise RuntimeError("the bare loop failed")
    return Measured(False, 2000, seconds, peak, {}, 0)


CONTENDERS: dict[str, Contender] = {
    "suite": suite,
    "Schemathesis CLI": schemathesis,
    "bare httpx loop": floor,
}


def _timed(command: Sequence[str], environ: dict[str, str]) -> tuple[int, float, float]:
    """Exit code, seconds and peak memory (MiB) of a command."""
    started = time.monotonic()
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(  # noqa: S603 - our own commands
            command, cwd=ROOT, env={**os.environ, **environ}, stdout=log, stderr=subprocess.STDOUT
        )
        while True:
            ended, status, usage = os.wait4(process.pid, os.WNOHANG)
            if ended:
                break
            if time.monotonic() - started > DEADLINE:
                process.kill()
            time.sleep(0.02)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, time.monotonic() - started, usage.ru_maxrss / 1024
