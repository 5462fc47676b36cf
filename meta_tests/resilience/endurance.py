"""Measures runs of the suite with faults, under a rate limit, with short tokens, and with background load.

`python -m meta_tests.resilience.endurance faults --runs 20` (or limits, tokens, load) prints one row a run.
Every run uses a mock tenant through a gateway, each in a process of its own, over real sockets.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from meta_tests.resilience import gateway
from meta_tests.resilience.running_gateway import RunningGateway, running_gateway
from meta_tests.support import mock_server

ROOT = Path(__file__).parents[2]
LOAD = ("large-background-load",)
"""The variation with ten thousand customers of other people."""


@dataclass(frozen=True)
class Ran:
    """One run that ended: its report, and what the gateway counted."""

    name: str
    code: int
    seconds: float
    report: dict[str, Any]
    seen: dict[str, int]

    @property
    def requests(self) -> int:
        """Requests of the run, those that were refused or lost included."""
        return int(self.report["requests"]["total"])

    @property
    def faults(self) -> int:
        """Bad answers that the gateway gave."""
        return sum(self.seen.get(kind, 0) for kind in gateway.BAD)

    @property
    def refused(self) -> int:
        """Requests answered 429."""
        return self.seen.get("429", 0)

    def clauses(self, verdict: str) -> list[str]:
        """The clauses with this verdict."""
        return [each["id"] for each in self.report["clauses"] if each["verdict"] == verdict]

    @property
    def green(self) -> bool:
        """Whether no clause failed or was in error, and no customer was left."""
        bad = self.clauses("fail") or self.clauses("error") or self.report["data"]["left"]
        return self.code == 0 and not bad

    def row(self) -> str:
        """The run in one line."""
        red, errors = self.clauses("fail"), self.clauses("error")
        return (
            f"{self.name:24} exit {self.code}  {self.requests:5} requests  {self.seconds:6.1f} s  "
            f"{self.faults:3} faults  {self.refused:3} refused  {len(red)} failing  {len(errors)} in error  "
            f"{self.report['data']['left']} left  {' '.join([*red, *errors][:3])}".rstrip()
        )


def tenant_config_file(folder: Path, tenant_config: dict[str, Any]) -> str:
    """The option that names a tenant.toml with these tables."""
    lines: list[str] = []
    for table, keys in tenant_config.items():
        lines += [f"[{table}]", *(f"{key} = {json.dumps(value)}" for key, value in keys.items())]
    path = folder / "tenant.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return f"--tenant-config={path}"


@dataclass(frozen=True)
class Begun:
    """A run of the suite that is under way, in a process of its own."""

    name: str
    process: "subprocess.Popen[str]"
    folder: Path
    started: float
    gate: RunningGateway

    def ended(self) -> Ran:
        """The run when it has ended."""
        said, _ = self.process.communicate()
        try:
            report = json.loads((self.folder / "reports" / "conformance.json").read_text(encoding="utf-8"))
        except OSError:
            raise SystemExit(f"{self.name} wrote no report:\n{said}") from None
        seconds = time.monotonic() - self.started
        return Ran(self.name, self.process.returncode, seconds, report, self.gate.counts())


def begin(
    name: str, mock: dict[str, Any], gate: RunningGateway, folder: Path, arguments: Sequence[str] = ()
) -> Begun:
    """Start a gate run against the mock behind this gateway."""
    folder.mkdir(parents=True, exist_ok=True)
    environ = {key: value for key, value in os.environ.items() if not key.startswith("EMPORIX_")}
    environ |= mock["environ"] | {"EMPORIX_API_URL": gate.url}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={ROOT}"]
    command += [
        tenant_config_file(folder, mock["tenant_config"]),
        f"--report-dir={folder / 'reports'}",
        *arguments,
    ]
    process = subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    return Begun(name, process, folder, time.monotonic(), gate)


def one(
    name: str, folder: Path, *options: str, variations: Sequence[str] = (), arguments: Sequence[str] = ()
) -> Ran:
    """One run against a mock with these variations, behind a gateway with these options."""
    varied = [f"--variation={each}" for each in variations]
    with mock_server.running(*varied) as mock, running_gateway(mock["api_url"], *options) as gate:
        return begin(name, mock, gate, folder, arguments).ended()


def faults(folder: Path, runs: int, arguments: Sequence[str]) -> Iterator[Ran]:
    """Two in a hundred answers are bad, in all the ways that a gateway knows, other ones in each run."""
    for seed in range(1, runs + 1):
        options = ("--faults", "0.02", "--seed", str(seed))
        yield one(f"2 % bad, seed {seed}", folder / str(seed), *options, arguments=arguments)


def limits(folder: Path, _runs: int, arguments: Sequence[str]) -> Iterator[Ran]:
    """Sixty requests in a second and no more, with each form of Retry-After."""
    for form in ("seconds", "date", ""):
        options = ("--limit", "60", *(["--retry-after", form] if form else []))
        yield one(
            f"60/s, Retry-After {form or 'absent'}", folder / (form or "none"), *options, arguments=arguments
        )


def tokens(folder: Path, _runs: int, arguments: Sequence[str]) -> Iterator[Ran]:
    """Tokens that live four seconds, from an endpoint that is slow and fails now and then."""
    options = ("--token-delay", "0.2", "--bad-tokens", "3", "5", "8", "9", "13")
    for fault in ("503", "500", "429", "reset"):
        more = (*options, "--token-fault", fault)
        name = f"short tokens, {fault}"
        yield one(name, folder / fault, *more, variations=("short-tokens",), arguments=arguments)


def load(folder: Path, _runs: int, arguments: Sequence[str]) -> Iterator[Ran]:
    """An empty tenant, ten thousand customers of others changing all the time, and two runs among them."""
    yield one("alone", folder / "alone", arguments=arguments)
    yield one("10,000 others", folder / "load", variations=LOAD, arguments=arguments)
    with ExitStack() as stack:
        mock = stack.enter_context(mock_server.running(*(f"--variation={each}" for each in LOAD)))
        gates = [stack.enter_context(running_gateway(mock["api_url"])) for _ in range(2)]
        begun = [
            begin(f"two at once, {number}", mock, gate, folder / f"two{number}", arguments)
            for number, gate in enumerate(gates, start=1)
        ]
        for each in begun:
            yield each.ended()


MEASURED = {"faults": faults, "limits": limits, "tokens": tokens, "load": load}


def main(arguments: Sequence[str]) -> int:
    """Measure and print; the exit code is 0 where every run was green and left nothing."""
    options = argparse.ArgumentParser(prog="python -m meta_tests.resilience.endurance", description=__doc__)
    options.add_argument("what", choices=MEASURED)
    options.add_argument("--runs", type=int, default=20)
    options.add_argument("arguments", nargs="*", help="further arguments of pytest, after --")
    parsed = options.parse_args(arguments)
    ran = []
    with tempfile.TemporaryDirectory(prefix="endurance-") as folder:
        for each in MEASURED[parsed.what](Path(folder), parsed.runs, parsed.arguments):
            print(each.row(), flush=True)  # noqa: T201 - the rows are what this command is for
            ran.append(each)
    green = sum(each.green for each in ran)
    requests = sum(each.requests for each in ran)
    print(  # noqa: T201
        f"{green} of {len(ran)} green; {requests} requests, {sum(each.faults for each in ran)} faults, "
        f"{sum(each.refused for each in ran)} refused; "
        f"{sum(len(each.clauses('fail')) for each in ran)} clauses failed, "
        f"{sum(each.report['data']['left'] for each in ran)} customers left"
    )
    return 0 if green == len(ran) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
