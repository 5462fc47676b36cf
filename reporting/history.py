"""Previous runs: one line each in history.jsonl, and the last verdicts on each clause of one target."""

import json
import os
from collections import deque
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, TypeAlias

from reporting.files import ReportError
from reporting.model.report import Report, Target, Verdict
from reporting.verdicts.gate import verdict_sentence

NAME: Final = "history.jsonl"
RUNS_SHOWN: Final = 30
TURNS: Final = 2  # from passing to failing or back; one is a regression or a repair, two are neither

_PASSES: Final[Mapping[Verdict, bool]] = {"pass": True, "fail": False, "known": False}


Verdicts: TypeAlias = Mapping[str, Verdict]
"""The verdicts of one run on the clauses that it covered."""


def append_history(report: Report, folder: Path) -> Path:
    """Append the run to history.jsonl in `folder` as one line; ReportError where that fails.

    The line is appended in one write, so runs that end at the same time do not mix; what a crash cut short stays
    on a line of its own.
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("ab+", buffering=0) as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(end - 1, 0))
            is_cut_short = file.read(1) not in (b"", b"\n")
            line = json.dumps(_line(report), separators=(",", ":"))
            file.write(b"\n" * is_cut_short + line.encode("ascii") + b"\n")
            os.fsync(file.fileno())
    except OSError as error:
        raise ReportError(
            f"{path}: the run cannot be added to the history ({error.strerror or error}); make the file writable, "
            "or choose another folder with --report-dir."
        ) from error
    return path


def read_history(report: Report, folder: Path) -> tuple[Verdicts, ...]:
    """The verdicts of the last runs of the report's target, the report included, oldest first.

    Malformed lines are skipped.
    """
    try:
        lines = (folder / NAME).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ()
    target, until = _target(report.target), report.started_at.isoformat()
    entries: deque[Verdicts] = deque(maxlen=RUNS_SHOWN)
    for line in lines:
        try:
            run = json.loads(line)
            if run["target"] == target and run["started_at"] <= until:
                entries.append(
                    {clause: verdict for verdict, ids in run["verdicts"].items() for clause in ids}
                )
        except (ValueError, KeyError, TypeError, AttributeError):
            continue
    return tuple(entries)


def is_flaky(verdicts: Sequence[Verdict | None]) -> bool:
    """Whether a clause turned from passing to failing and back; runs that did not assess it are left out."""
    passes = [_PASSES[verdict] for verdict in verdicts if verdict is not None and verdict in _PASSES]
    return sum(one != other for one, other in pairwise(passes)) >= TURNS


def _line(report: Report) -> dict[str, Any]:
    by_verdict: dict[str, list[str]] = {}
    for clause in report.clauses:
        if clause.reason_code not in ("untestable", "not-selected"):
            by_verdict.setdefault(clause.verdict, []).append(clause.id)
    return {
        "started_at": report.started_at.isoformat(),
        "duration_s": report.duration_s,
        "target": _target(report.target),
        "suite": {
            "version": report.suite.version,
            "profile": report.suite.profile,
            "seed": report.suite.seed,
        },
        "sentence": verdict_sentence(report),
        "verdicts": by_verdict,
    }


def _target(target: Target) -> dict[str, Any]:
    """What identifies the target of a run: the tenant and, of the embedded one, its defects and variations."""
    planted = {"planted": target.config.get("mock", {})} if target.kind == "mock" else {}
    return {**target.identity, **planted}
