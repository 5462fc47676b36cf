"""The runs of the past: one line each in history.jsonl, and what the last of one target say of each clause."""

import json
import os
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from reporting.files import ReportError
from reporting.model.report import VERDICTS, Report, Target, Verdict
from reporting.verdicts.gate import UNASKED, verdict_sentence

NAME: Final = "history.jsonl"
SHOWN: Final = 30  # runs of one target
TURNS: Final = 2  # from holding to failing or back; one is a regression or a repair, two are neither

_HELD: Final[Mapping[Verdict, bool]] = {"pass": True, "fail": False, "known": False}


@dataclass(frozen=True, slots=True)
class Past:
    """One run of the past: when (ISO 8601), with which profile, and the verdicts of the clauses it asked about."""

    when: str
    profile: str
    verdicts: Mapping[str, Verdict]


def remember(report: Report, folder: Path) -> Path:
    """Append the run to history.jsonl in `folder` as one line; ReportError where that cannot be done.

    The line leaves in one write at the end of the file, so runs that end together do not mix; what a crash
    cut short stays on a line of its own.
    """
    path = folder / NAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("ab+", buffering=0) as file:
            end = file.seek(0, os.SEEK_END)
            file.seek(max(end - 1, 0))
            broken = file.read(1) not in (b"", b"\n")
            line = json.dumps(_told(report), separators=(",", ":"))
            file.write(b"\n" * broken + line.encode("ascii") + b"\n")
            os.fsync(file.fileno())
    except OSError as error:
        reason = error.strerror or str(error)
        raise ReportError(
            f"{path}: the run cannot be added to the history ({reason}); make the file writable, "
            "or choose another folder with --report-dir."
        ) from error
    return path


def past(report: Report, folder: Path) -> tuple[Past, ...]:
    """The last runs of the report's target up to the report itself, oldest first; lines that are none are skipped."""
    target, until = _address(report.target), report.started_at.astimezone(UTC).isoformat()
    kept: deque[Past] = deque(maxlen=SHOWN)
    for line in _lines(folder / NAME):
        try:
            if line["target"] == target and line["started_at"] <= until:
                verdicts: dict[str, Verdict] = {
                    clause: verdict for verdict in VERDICTS for clause in line["verdicts"].get(verdict, ())
                }
                kept.append(Past(line["started_at"], line["suite"]["profile"], verdicts))
        except (KeyError, TypeError, AttributeError):
            continue
    return tuple(kept)


def flaky(verdicts: Sequence[Verdict | None]) -> bool:
    """Whether a clause turned from holding to failing and back; runs that did not judge it say nothing."""
    held = [_HELD[verdict] for verdict in verdicts if verdict is not None and verdict in _HELD]
    return sum(one != other for one, other in pairwise(held)) >= TURNS


def _told(report: Report) -> dict[str, Any]:
    by_verdict: dict[str, list[str]] = {}
    for clause in report.clauses:
        if not clause.untestable and clause.reason != UNASKED:
            by_verdict.setdefault(clause.verdict, []).append(clause.id)
    return {
        "started_at": report.started_at.astimezone(UTC).isoformat(),
        "duration_s": report.duration_s,
        "target": _address(report.target),
        "suite": {
            "version": report.suite.version,
            "profile": report.suite.profile,
            "seed": report.suite.seed,
        },
        "sentence": verdict_sentence(report),
        "verdicts": by_verdict,
    }


def _address(target: Target) -> dict[str, Any]:
    """What makes two runs ask the same target; the embedded tenant listens at another port each time."""
    if target.kind == "mock":
        return {"kind": "mock", "tenant": target.tenant, "planted": target.config.get("mock", {})}
    return {"kind": "live", "tenant": target.tenant, "api_url": target.api_url}


def _lines(path: Path) -> Iterator[Any]:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            for line in file:
                try:
                    yield json.loads(line)
                except ValueError:
                    continue
    except OSError:
        return
