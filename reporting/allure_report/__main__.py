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

from reporting.files import write_atomically

HERE: Final = Path(__file__).parent
NODE: Final = 20
RENDERED, FAILED, MISSING = 0, 1, 4
ANALYTICS: Final = re.compile(
    r"<script async src=\"https://www\.googletagmanager\.com/[^\"]*\"></script>\s*<script>.*?</script>",
    re.DOTALL,
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Render the page and print its path; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m reporting.allure_report", description="Render allure-results with Allure 3."
    )
    parser.add_argument("--report-dir", type=Path, default=Path("reports"), help="the folder of the reports")
    folder = parser.parse_args(arguments).report_dir.resolve()
    if missing := _missing(folder):
        sys.stderr.write(f"{missing}\n")
        return MISSING
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
    _remove_analytics(page)
    sys.stdout.write(f"{page}\n")
    return RENDERED


def _remove_analytics(page: Path) -> None:
    """Remove the scripts that report each reader to the makers of Allure; no option disables them."""
    text = page.read_text(encoding="utf-8")
    write_atomically(page, ANALYTICS.sub("", text))


def _missing(folder: Path) -> str:
    node = shutil.which("node")
    if node is None or shutil.which("npm") is None:
        return f"Node is not installed; install Node {NODE} or later with npm, and run this again."
    results = folder / "allure-results"
    if not any(results.glob("*-result.json")) or not (results / "categories.json").exists():
        return f"{results}: has no results of a complete run; run the suite first, as with make conformance."
    return ""


def _run(command: Sequence[str], **variables: str) -> subprocess.CompletedProcess[str]:
    environ = {**os.environ, **variables}
    return subprocess.run(command, cwd=HERE, env=environ, capture_output=True, text=True)  # noqa: S603 - our own


def _last_line(ended: subprocess.CompletedProcess[str]) -> str:
    lines = [line.strip() for line in (ended.stdout + ended.stderr).splitlines() if line.strip()]
    return lines[-1] if lines else f"exit code {ended.returncode} without output"


if __name__ == "__main__":
    sys.exit(main())
