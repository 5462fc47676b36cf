"""`python -m reporting.replay conformance.json CLAUSE`: asks the minimal sequence of a failure again.

It is written as a test of the suite, which makes its own customers under the guard and the ledger, and deletes them
at the end; `--pytest` keeps that test. Exit codes: 1 it still fails, 0 it fails no longer, 6 it could not be asked,
4 wrong usage.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from reporting.files import ReportError, write_atomically
from reporting.formats.exchange_cards import cards
from reporting.formats.text import clipped, plain, seen
from reporting.model.findings import Failure
from reporting.model.reader import read
from reporting.model.report import ClauseVerdict, Report
from spec.clauses import CATALOGUE

ROOT: Final = CATALOGUE.parents[1]
HOLDS, FAILS, USAGE, NOT_ASKED = 0, 1, 4, 6
SHORTENED: Final = re.compile(r"\.\.\. \[\d+ more characters\]$")
LINE: Final = 300
TEST: Final = '''"""Replays a failure of {clause}, recorded at {when} of the {kind} tenant {tenant}."""

import json

from harness import TenantUnderTest, clause
from harness.replay import replayed

TARGET = {target!r}
FAILURE = json.loads(
    {failure}
)


@clause({clause!r})
def test_replay(tenant: TenantUnderTest) -> None:
    replayed(tenant, {clause!r}, TARGET, FAILURE)
'''


def recorded_json(exchange: Mapping[str, Any]) -> Any:
    """The body of a recorded answer as a value; None where it is no whole JSON."""
    body = (exchange.get("response") or {}).get("body")
    if not isinstance(body, str):
        return body
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def value_at(document: Any, path: str) -> Any:
    """What stands at a path such as `$[0].mixins.x`; None where nothing does."""
    value = document
    for name, index in re.findall(r"\.([^.\[\]\s;]+)|\[(\d+)\]", path.split(";")[0]):
        if name and isinstance(value, dict):
            value = value.get(name)
        elif index and isinstance(value, list) and int(index) < len(value):
            value = value[int(index)]
        else:
            return None
    return value


def decisive(failure: Mapping[str, Any]) -> int:
    """Which exchange of the sequence, from 0, showed that the promise was broken."""
    steps: Sequence[Mapping[str, Any]] = failure["exchanges"]
    status = re.match(r"[1-5]\d\d(?!\d)", str(failure["actual"]))
    path = str(failure["detail"])
    for number in reversed(range(len(steps))):
        response = steps[number].get("response") or {}
        if status is not None and not path.startswith("$"):
            if str(response.get("status")) == status.group():
                return number
        elif path.startswith("$"):
            if isinstance(recorded_json(steps[number]), dict | list) and response.get("status") == 200:
                return number
        elif path == "header Count" and steps[number]["operation"] in ("list", "search"):
            return number
    return len(steps) - 1


def as_test(report: Report, clause: ClauseVerdict, failure: Failure) -> str:
    """The failure as the text of a test module."""
    document = {**failure.to_json(), "exchanges": [plain(each) for each in failure.exchanges]}
    for each in document["exchanges"]:
        each.pop("curl", None)
    lines = json.dumps(document, indent=1).splitlines(keepends=True)
    return TEST.format(
        clause=clause.id,
        when=report.started_at.isoformat(timespec="seconds"),
        kind=report.target.kind,
        tenant=report.target.tenant,
        target={"api_url": report.target.api_url, "tenant": report.target.tenant},
        failure="\n    ".join(repr(line) for line in lines),
    )


def _chosen(path: Path, clause_id: str, way: int) -> tuple[Report, ClauseVerdict, Failure]:
    report = read(path)
    clause = next((each for each in report.clauses if each.id == clause_id), None)
    if clause is None:
        raise ReportError(f"{path}: has no clause {clause_id!r}; docs/clauses.md has them all.")
    if not clause.failures:
        failing = ", ".join(each.id for each in report.clauses if each.failures) or "none"
        raise ReportError(f"{path}: {clause_id} does not fail there; these do: {failing}.")
    if not 1 <= way <= len(clause.failures):
        raise ReportError(
            f"{path}: {clause_id} fails in {len(clause.failures)} ways; --way={way} is none of them."
        )
    return report, clause, clause.failures[way - 1]


def _environment(against: str) -> dict[str, str]:
    """The variables of the run; ReportError where they do not lead to the tenant that is to be asked."""
    if against == "live" and not os.environ.get("EMPORIX_TENANT"):
        raise ReportError(
            "EMPORIX_TENANT is not set, so there is no live tenant to ask; set it, or use --against mock."
        )
    live = against == "live"
    return {name: value for name, value in os.environ.items() if live or not name.startswith("EMPORIX_")}


def _run(test: Path, folder: Path, options: Sequence[str], environ: Mapping[str, str]) -> tuple[int, str]:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test), "--strict"]
    quiet = {name: value for name, value in environ.items() if not name.startswith("GITHUB_")}
    ended = subprocess.run(  # noqa: S603 - our own command
        [*command, f"--report-dir={folder.resolve()}", f"--deviations={os.devnull}", *options],
        cwd=ROOT,
        env=quiet,
        capture_output=True,
        text=True,
    )
    return ended.returncode, ended.stdout + ended.stderr


def _tell(code: int, said: str, clause: ClauseVerdict, folder: Path) -> int:
    """Say how it ended; the exit code."""
    if code not in (HOLDS, FAILS, NOT_ASKED) or not (folder / "conformance.json").exists():
        sys.stderr.write(f"{said.strip()}\n")
        return USAGE if code == USAGE else NOT_ASKED
    after = next(each for each in read(folder / "conformance.json").clauses if each.id == clause.id)
    if after.failures:
        failure = after.failures[0]
        told = f"{clause.id} still fails: {failure.actual} instead of {failure.expected}"
        lines = [told, *(card.line for card in cards(failure.exchanges))]
        code = FAILS
    elif after.verdict == "pass":
        lines, code = [f"{clause.id} fails no longer: {clause.text}"], HOLDS
    else:
        lines, code = (
            [f"{clause.id} could not be asked: {after.reason.removeprefix('Not asked: ')}"],
            NOT_ASKED,
        )
    sys.stdout.write("".join(f"{clipped(' '.join(seen(line).split()), LINE)}\n" for line in lines))
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m reporting.replay", description="Ask the minimal sequence of a failure again."
    )
    parser.add_argument("report", type=Path, help="the conformance.json that holds the failure")
    parser.add_argument("clause", help="the clause that fails there")
    parser.add_argument("--way", type=int, default=1, metavar="N", help="which of its failures, from 1")
    parser.add_argument(
        "--against", choices=["mock", "live"], help="whom to ask; by default a tenant of the same kind"
    )
    parser.add_argument("--tenant-config", type=Path, help="tenant.toml of the tenant")
    parser.add_argument(
        "--mock-defect", action="append", default=[], help="plant this defect in the embedded tenant"
    )
    parser.add_argument(
        "--mock-variation", action="append", default=[], help="vary the embedded tenant as permitted"
    )
    parser.add_argument(
        "--pytest", type=Path, metavar="FILE", help="write it as this test, below tests/, and ask nobody"
    )
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay, and say whether it still fails; the exit code."""
    try:
        options = _parser().parse_args(arguments)
    except SystemExit as ended:
        return USAGE if ended.code else HOLDS
    try:
        report, clause, failure = _chosen(options.report, options.clause, options.way)
        text = as_test(report, clause, failure)
        if options.pytest is not None:
            return _kept(options.pytest, text)
        environ = _environment(options.against or report.target.kind)
        told = [f"--mock-defect={name}" for name in options.mock_defect]
        told += [f"--mock-variation={name}" for name in options.mock_variation]
        told += [f"--tenant-config={options.tenant_config.resolve()}"] if options.tenant_config else []
        folder = options.report.parent / "replay"
        test = ROOT / "tests" / f"test_replay_{os.getpid()}.py"
        try:
            (folder / "conformance.json").unlink(missing_ok=True)
            write_atomically(test, text)
            code, said = _run(test, folder, told, environ)
        finally:
            test.unlink(missing_ok=True)
        return _tell(code, said, clause, folder)
    except ReportError as error:
        sys.stderr.write(f"{error}\n")
        return USAGE


def _kept(path: Path, text: str) -> int:
    tests = (ROOT / "tests").resolve()
    if path.suffix != ".py" or not path.name.startswith("test_") or tests not in path.resolve().parents:
        raise ReportError(f"{path}: no test is found there; name a file such as tests/test_replay.py.")
    write_atomically(path, text)
    sys.stdout.write(f"Run it: pytest {path}\n")
    return HOLDS


if __name__ == "__main__":
    sys.exit(main())
