"""The end of a run: its report, its exit code, and what the terminal says of it."""

from __future__ import annotations

import platform
import time
from importlib import metadata
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from client import names_a_tenant
from harness.plugin import banner, profiles
from reporting import Data, Report, Suite, Target, exit_code, fold, render, verdict_sentence
from reporting.coverage import Coverage
from reporting.model.detections import proofs
from reporting.verdicts.gate import NOT_ASSESSED, NOT_CONFORMANT, UNASKED
from spec import clauses

if TYPE_CHECKING:
    from harness.plugin.run import Run

VERSION = "0.1.0"
ENGINES = ("hypothesis", "schemathesis")
"""Whose versions decide which examples a seed draws, beside Python's own."""


def report(run: Run) -> Report:
    """What the run found, clause by clause."""
    settings, left = run.settings, run.leftovers
    verdicts = fold(
        clauses(),
        run.plugin.findings,
        unasked=run.trouble or run.bound or UNASKED,
        proofs=proofs(),
        deviations=run.deviations,
    )
    whole = profiles.profile() != profiles.SMOKE and not run.trouble and not run.bound
    return Report(
        suite=Suite(VERSION, profiles.profile(), run.options.seed, versions()),
        target=Target(
            settings.api_url if settings else "",
            settings.tenant if settings else "",
            "live" if names_a_tenant(run.environ) else "mock",
            {**(settings.public()["config"] if settings else {}), **run.options.planted},
        ),
        started_at=run.started_at,
        duration_s=round(time.monotonic() - run.started, 3),
        requests=run.requests(),
        data=Data(left.created, left.deleted, len(left.left)) if left else Data(),
        clauses=verdicts,
        deviations=run.deviations.reckoned(verdicts, whole=whole),
        coverage=run.meter.coverage() if run.meter is not None else Coverage(),
        delays=run.delays(),
        shard=str(run.options.shard or ""),
    )


def exit_status(run: Run, told: Report) -> int:
    """The exit code: that of the gate, unless the run was told wrong or could not ask all that it should."""
    if run.misused:
        return pytest.ExitCode.USAGE_ERROR
    verdict = exit_code(told, strict=run.options.strict)
    return NOT_ASSESSED if run.trouble and verdict != NOT_CONFORMANT else verdict


def tell(run: Run, told: Report, console: Console) -> None:
    """What kept the run from its end, what it left behind, and then the verdicts."""
    sentences = [(run.bound, "bold yellow"), (run.spent, "bold")]
    if run.trouble.rstrip(".") not in verdict_sentence(told):
        sentences.append((run.trouble, "bold red"))
    if run.leftovers is not None:
        left = banner.left_behind(run.leftovers, run.id, run.options.report_dir)
        sentences += [(line, "yellow") for line in left]
    sentences.append((run.accepted, "magenta"))
    for sentence, style in sentences:
        if sentence:
            console.print(sentence, style=style, markup=False, highlight=False, soft_wrap=True)
    render(told, console, run.page)


def versions() -> dict[str, str]:
    """What ran the suite, by name: Python, Hypothesis, Schemathesis."""
    return {"python": platform.python_version(), **{name: metadata.version(name) for name in ENGINES}}
