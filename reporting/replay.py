"""`python -m reporting.replay conformance.json CLAUSE`: sends the minimal sequence of a failure again.

The sequence is written as a test of the suite, which creates its own customers under the guard and the ledger, and
deletes them at the end; `--pytest` keeps that test. Exit codes: 1 the clause still fails, 0 it no longer fails, 6 the
sequence could not be sent, 4 wrong usage.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from pprint import pformat
from tempfile import TemporaryDirectory
from typing import Final

from pydantic import TypeAdapter

from reporting.files import ReportError, write_atomically
from reporting.formats.failures import exchange_lines
from reporting.formats.json_file import read
from reporting.model.findings import Failure
from reporting.model.mismatch import Value
from reporting.model.report import ClauseVerdict, Report
from reporting.text import one_line
from spec import Kind
from spec.clauses import CATALOGUE
from spec.command_line import UNUSABLE, run

ROOT: Final = CATALOGUE.parents[1]
PASSES, FAILS, NOT_RUN = 0, 1, 6
LINE: Final = 300
RESULT_OPERATIONS: Final = frozenset({"list", "search"})
TEST: Final = '''"""Replays a failure of {clause}, recorded at {when} of the {kind} tenant {tenant}."""

import pytest

from harness import TenantApi
from harness.replay import replay

TARGET = {target!r}
FAILURE = {failure}


@pytest.mark.covers({clause!r})
def test_replay(api: TenantApi) -> None:
    replay(api, {clause!r}, TARGET, FAILURE)
'''


def decisive_index(failure: Failure) -> int:
    """Which exchange of the sequence, from 0, shows the mismatch: the recorded one, or the last that can show it."""
    last = len(failure.exchanges) - 1
    if failure.decisive is not None:
        return min(failure.decisive, last)
    return next((index for index in range(last, -1, -1) if _may_show(failure, index)), last)


def _may_show(failure: Failure, index: int) -> bool:
    exchange, mismatch = failure.exchanges[index], failure.mismatch
    match mismatch.kind if mismatch else None:
        case Kind.STATUS:
            return mismatch is not None and mismatch.actual == Value(exchange.status)
        case Kind.VALUE | Kind.SCHEMA | Kind.CONTENT:
            return isinstance(exchange.response_json, dict | list)
        case Kind.HEADER | Kind.CUSTOMERS | Kind.ORDER:
            return exchange.operation in RESULT_OPERATIONS
        case _:
            return True


def as_test(report: Report, clause: ClauseVerdict, failure: Failure) -> str:
    """The failure as the text of a test module, which holds it as data."""
    sequence = tuple(replace(exchange, curl="") for exchange in failure.exchanges)
    complete = replace(failure, exchanges=sequence, decisive=decisive_index(failure) if sequence else None)
    document = TypeAdapter(Failure).dump_python(complete, mode="json", by_alias=True)
    return TEST.format(
        clause=clause.id,
        when=report.started_at.isoformat(timespec="seconds"),
        kind=report.target.kind,
        tenant=report.target.tenant,
        target={"api_url": report.target.api_url, "tenant": report.target.tenant},
        failure=pformat(document, sort_dicts=False),
    )


def _chosen(report: Report, path: Path, clause_id: str, way: int) -> tuple[ClauseVerdict, Failure]:
    """The failure to replay; ReportError where the report does not have it."""
    failing = {clause.id: clause for clause in report.clauses if clause.failures}
    if clause_id not in failing:
        raise ReportError(
            f"{path}: {clause_id} does not fail in this report; these clauses do: {', '.join(failing) or 'none'}."
        )
    clause = failing[clause_id]
    if not 1 <= way <= len(clause.failures):
        raise ReportError(
            f"{path}: {clause_id} has {len(clause.failures)} failures; --way={way} is not one of them."
        )
    return clause, clause.failures[way - 1]


def _environment(against: str) -> dict[str, str]:
    """The variables of the run; ReportError where they do not name the tenant to use."""
    if against == "live" and not os.environ.get("EMPORIX_TENANT"):
        raise ReportError(
            "EMPORIX_TENANT is not set, so there is no live tenant; set it, or use --against mock."
        )
    excluded = ("GITHUB_",) if against == "live" else ("GITHUB_", "EMPORIX_")
    return {name: value for name, value in os.environ.items() if not name.startswith(excluded)}


def _print_result(code: int, output: str, clause: ClauseVerdict, folder: Path) -> int:
    """Print the result of the run; the exit code."""
    if code not in (PASSES, FAILS, NOT_RUN) or not (folder / "conformance.json").exists():
        sys.stderr.write(f"{output.strip()}\n")
        return UNUSABLE if code == UNUSABLE else NOT_RUN
    after = next(each for each in read(folder / "conformance.json").clauses if each.id == clause.id)
    if after.failures:
        failure, code = after.failures[0], FAILS
        still = f"{clause.id} still fails: expected {failure.expected}, actual {failure.actual}"
        lines = [still, *exchange_lines(failure.exchanges)]
    elif after.verdict == "pass":
        lines, code = [f"{clause.id} no longer fails: {clause.text}"], PASSES
    else:
        lines, code = [f"{clause.id} could not be replayed: {after.reason}"], NOT_RUN
    sys.stdout.write("".join(f"{one_line(line, LINE)}\n" for line in lines))
    return code


def main(arguments: Sequence[str] | None = None) -> int:
    """Replay the failure and print whether it still occurs; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m reporting.replay", description="Send the minimal sequence of a failure again."
    )
    parser.add_argument("report", type=Path, help="the conformance.json that has the failure")
    parser.add_argument("clause", help="the id of the clause that fails")
    parser.add_argument("--way", type=int, default=1, metavar="N", help="which of its failures, from 1")
    parser.add_argument(
        "--against", choices=["mock", "live"], help="the kind of tenant to use; by default as recorded"
    )
    parser.add_argument("--tenant-config", type=Path, help="tenant.toml of the tenant")
    parser.add_argument(
        "--mock-defect", action="append", default=[], help="seed this defect in the embedded tenant"
    )
    parser.add_argument(
        "--mock-variation",
        action="append",
        default=[],
        help="use this conforming variation of the embedded tenant",
    )
    parser.add_argument(
        "--pytest",
        type=Path,
        metavar="FILE",
        help="write the sequence as this test, below tests/, and send nothing",
    )
    return run(parser, _replay, arguments)


def _replay(options: argparse.Namespace) -> int:
    report = read(options.report)
    clause, failure = _chosen(report, options.report, options.clause, options.way)
    text = as_test(report, clause, failure)
    if options.pytest is not None:
        return _write_test(options.pytest, text)
    environ = _environment(options.against or report.target.kind)
    folder = options.report.parent / "replay"
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--strict"]
    command += [f"--report-dir={folder.resolve()}", f"--deviations={os.devnull}"]
    command += [f"--mock-defect={name}" for name in options.mock_defect]
    command += [f"--mock-variation={name}" for name in options.mock_variation]
    command += [f"--tenant-config={options.tenant_config.resolve()}"] if options.tenant_config else []
    (folder / "conformance.json").unlink(missing_ok=True)
    # Another run, which collects tests/, does not read hidden folders.
    with TemporaryDirectory(prefix=".replay-", dir=ROOT / "tests") as hidden:
        test = Path(hidden) / "test_replay.py"
        test.write_text(text, encoding="utf-8")
        ended = subprocess.run(  # noqa: S603 - our own
            [*command, str(test)], cwd=ROOT, env=environ, capture_output=True, text=True
        )
    return _print_result(ended.returncode, ended.stdout + ended.stderr, clause, folder)


def _write_test(path: Path, text: str) -> int:
    tests = (ROOT / "tests").resolve()
    if path.suffix != ".py" or not path.name.startswith("test_") or tests not in path.resolve().parents:
        raise ReportError(
            f"{path}: pytest does not collect this file; name one such as tests/test_replay.py."
        )
    write_atomically(path, text)
    sys.stdout.write(f"Run it: pytest {path}\n")
    return PASSES


if __name__ == "__main__":
    sys.exit(main())
