"""`python -m reporting.allure_report`: renders allure-results as allure-report/index.html, with previous runs.

Exit codes: 0 rendered, 4 Node or the results are missing, 1 Allure fails.
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from reporting.files import ReportError, write_atomically
from spec.command_line import run

HERE: Final = Path(__file__).parent
NODE: Final = 20
RENDERED, FAILED = 0, 1
ANALYTICS: Final = re.compile(
    r"<script async src=\"https://www\.googletagmanager\.com/[^\"]*\"></script>\s*<script>.*?</script>",
    re.DOTALL,
)
"""The scripts that report each reader to the makers of Allure; no option disables them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Render the page and print its path; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m reporting.allure_report", description="Render allure-results with Allure 3."
    )
    parser.add_argument("--report-dir", type=Path, default=Path("reports"), help="the folder of the reports")
    return run(parser, _render, arguments)


def _render(options: argparse.Namespace) -> int:
    folder = options.report_dir.resolve()
    _check_node_and_results(folder)
    if not (HERE / "node_modules" / ".package-lock.json").exists():
        ended = _run(["npm", "ci", "--no-audit", "--no-fund", "--silent"])
        if ended.returncode:
            sys.stderr.write(f"npm cannot install Allure: {_last_line(ended)}\n")
            return FAILED
    ended = _run(
        [
            *("npx", "--no-install", "allure", "generate", str(folder / "allure-results")),
            *("--config", str(HERE / "allurerc.mjs")),
            *("--output", str(folder / "allure-report")),
        ],
        ALLURE_HISTORY=str(folder / "allure-history.jsonl"),
        ALLURE_CATEGORIES=str(folder / "allure-results" / "categories.json"),
    )
    page = folder / "allure-report" / "index.html"
    if ended.returncode or not page.exists():
        sys.stderr.write(f"Allure fails: {_last_line(ended)}\n")
        return FAILED
    write_atomically(page, ANALYTICS.sub("", page.read_text(encoding="utf-8")))
    sys.stdout.write(f"{page}\n")
    return RENDERED


def _check_node_and_results(folder: Path) -> None:
    """ReportError where Node or the results are missing."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        raise ReportError(
            f"Node is not installed; install Node {NODE} or later with npm, and run this again."
        )
    results = folder / "allure-results"
    if not any(results.glob("*-result.json")) or not (results / "categories.json").exists():
        raise ReportError(
            f"{results}: has no results of a complete run; run the suite first, as with make conformance."
        )


def _run(command: Sequence[str], **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **variables}
    return subprocess.run(command, cwd=HERE, env=environ, capture_output=True, text=True)  # noqa: S603 - our own


def _last_line(ended: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (ended.stdout + ended.stderr).splitlines() if line.strip()]
    return lines[-1] if lines else f"exit code {ended.returncode} without output"


if __name__ == "__main__":
    sys.exit(main())
