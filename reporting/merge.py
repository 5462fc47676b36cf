"""`python -m reporting.merge shard*/conformance.json`: merges the reports of the shards of one run.

Exit codes: those of a run (0 conformant, 1 a clause fails, 6 not assessed or a shard is missing), and 4 where
the reports cannot be used.
"""

import argparse
import shutil
import sys
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from functools import reduce
from pathlib import Path

from rich.console import Console

from reporting import write
from reporting.files import ReportError, write_atomically
from reporting.formats.json_file import read_of_one_tenant
from reporting.formats.terminal import render
from reporting.model import coverage, delays
from reporting.model.report import ClauseVerdict, Data, Report, Requests
from reporting.verdicts.aggregate import combined, limit_failures
from reporting.verdicts.deviations import Deviations
from reporting.verdicts.gate import MIN_ASSESSED, exit_code, percentage
from spec.command_line import run


def merge(paths: Sequence[Path]) -> Report:
    """One report of those in these files.

    The worst verdict wins; evidence, requests, customers, delays and coverage add up. ReportError where they
    are not parts of one run.
    """
    parts = read_of_one_tenant(paths)
    first = parts[0]
    for path, part in zip(paths, parts, strict=True):
        for what in ("version", "profile"):
            one, other = getattr(first.suite, what), getattr(part.suite, what)
            if one != other:
                raise ReportError(
                    f"{path}: has the {what} {other}, but {paths[0]} has {one}; merge parts of one run only."
                )
    missing = _missing({path: part.shard for path, part in zip(paths, parts, strict=True)})
    verdicts = _verdicts(parts, missing)
    started = min(part.started_at for part in parts)
    ended = max(part.started_at + timedelta(seconds=part.duration_s) for part in parts)
    seeds = {part.suite.seed for part in parts}
    entries = {(each.clause, each.signature): each for part in parts for each in part.deviations}
    deviations = Deviations(tuple(entries.values()), started.date())
    return Report(
        suite=replace(first.suite, seed=seeds.pop() if len(seeds) == 1 else None),
        target=first.target,
        started_at=started,
        duration_s=round((ended - started).total_seconds(), 3),
        requests=sum((part.requests for part in parts), Requests()),
        data=sum((part.data for part in parts), Data()),
        clauses=verdicts,
        coverage=reduce(coverage.added, (part.coverage for part in parts), {}),
        delays=reduce(delays.added, (part.delays for part in parts), {}),
        deviations=deviations.evaluate(verdicts, complete=not missing),
        missing=missing,
    )


def _missing(shards: Mapping[Path, str]) -> tuple[str, ...]:
    """The shards without a report; ReportError where the reports are not shards of one division."""
    if not any(shards.values()):
        return ()
    by_shard = {shard: path for path, shard in shards.items()}
    for path, shard in shards.items():
        if not shard:
            raise ReportError(f"{path}: is not a shard, but others are; merge the shards of one run only.")
        if by_shard[shard] != path:
            raise ReportError(f"{path}: is shard {shard}, as {by_shard[shard]} is; name each shard once.")
    counts = {shard.partition("/")[2] for shard in by_shard}
    if len(counts) > 1:
        raise ReportError(
            f"{next(iter(shards))}: the run was divided by {' and by '.join(sorted(counts))}; "
            "merge the shards of one run only."
        )
    number = int(counts.pop())
    return tuple(f"{n}/{number}" for n in range(1, number + 1) if f"{n}/{number}" not in by_shard)


def _verdicts(parts: Sequence[Report], missing: Sequence[str]) -> tuple[ClauseVerdict, ...]:
    by_id: dict[str, list[ClauseVerdict]] = {}
    for part in parts:
        for clause in part.clauses:
            by_id.setdefault(clause.id, []).append(clause)
    return tuple(_verdict(found, missing) for found in by_id.values())


def _verdict(found: Sequence[ClauseVerdict], missing: Sequence[str]) -> ClauseVerdict:
    selected = [each for each in found if each.reason_code != "not-selected"]
    verdict = combined(selected or found)
    if missing and not selected:
        reason = f"No available shard checks the clause; missing: {', '.join(missing)}"
        verdict = replace(verdict, reason=reason, reason_code="other")
    return limit_failures(verdict)


def _merge_side_files(paths: Iterable[Path], output: Path) -> None:
    """Merge what pytest wrote beside each report: junit.xml, and the results for Allure."""
    folders = list(dict.fromkeys(path.parent for path in paths))
    suites = ET.Element("testsuites", name="customer contract")
    for source in (folder / "junit.xml" for folder in folders):
        try:
            suites.extend(ET.parse(source).getroot().iter("testsuite"))  # noqa: S314 - written by the suite
        except FileNotFoundError:
            continue
        except ET.ParseError as error:
            raise ReportError(
                f"{source}: is not complete XML ({error}); delete it, or run the shard again."
            ) from None
    if len(suites):
        write_atomically(output / "junit.xml", ET.tostring(suites, encoding="unicode"))
    for source in (folder / "allure-results" for folder in folders):
        if source.is_dir() and source.resolve() != (output / "allure-results").resolve():
            shutil.copytree(source, output / "allure-results", dirs_exist_ok=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Merge the reports, write every format, print the verdict; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m reporting.merge", description="Merge the reports of all shards into one."
    )
    parser.add_argument("reports", type=Path, nargs="+", help="the conformance.json of each shard")
    parser.add_argument(
        "--output", type=Path, default=Path("reports"), metavar="DIR", help="the folder of the merged report"
    )
    parser.add_argument("--strict", action="store_true", help="a failing SHOULD clause fails the run too")
    parser.add_argument("--min-assessed", type=percentage, default=0, metavar="PERCENT", help=MIN_ASSESSED)
    return run(parser, _merge, arguments)


def _merge(options: argparse.Namespace) -> int:
    paths = list(dict.fromkeys(options.reports))
    report = merge(paths)
    html = write(report, options.output)
    _merge_side_files(paths, options.output)
    render(report, Console(), html, strict=options.strict, min_assessed=options.min_assessed)
    return exit_code(report, options.strict, options.min_assessed)


if __name__ == "__main__":
    sys.exit(main())
