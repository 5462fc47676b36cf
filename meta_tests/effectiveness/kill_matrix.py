"""`make kill-matrix`: runs the whole suite on every seeded defect and every conforming variation.

A run on a defect stops at its first failing test, which attributes the failure to a clause; --all runs all tests.
Variations run one by one with seed 0. --seeds N adds runs on packs of variations, which are different for each
seed. Every row is written to reports/kill-matrix.json as soon as its run ends. The summary lists the defects that
are not detected or attributed to a wrong clause, and the false positives. Exit code 1 if a defect is not detected
or a variation is a false positive.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from meta_tests.effectiveness.jobs import Job, Outcome
from meta_tests.effectiveness.matrix_runs import PROCESSES, run
from meta_tests.effectiveness.variation_packs import packs
from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant import variations as _variations  # noqa: F401 - importing the package registers its variations
from mock_tenant.registry import DEFECTS, VARIATIONS

OUTPUT = Path("reports") / "kill-matrix.json"
PACK_SIZE = 5
"""The number of variations in one run of a pack."""


@dataclass(frozen=True)
class Row:
    """One run: the seeded defect or variations, the clause that the defect violates, and the outcome.

    `clause` is empty for variations. `failed` holds the failed clauses (only MUST for variations, because a SHOULD
    may fail on a conforming tenant), and `detected_by` the test of the first failure.
    """

    seeded: str
    clause: str
    seed: int
    failed: tuple[str, ...]
    attributed: bool
    detected_by: str
    errors: tuple[str, ...]
    exit_code: int
    requests: int
    left: int
    seconds: float

    @property
    def is_detected(self) -> bool:
        """Whether a clause failed on a defect."""
        return bool(self.clause and self.failed)

    @property
    def is_false_positive(self) -> bool:
        """Whether a run on variations failed, or left customers behind."""
        return not self.clause and (self.exit_code != 0 or self.left != 0)


def row(outcome: Outcome) -> Row:
    """The row of one run."""
    job = outcome.job
    defect = DEFECTS[job.defects[0]] if job.defects else None
    return Row(
        seeded=job.name,
        clause=defect.clause if defect else "",
        seed=job.seed,
        failed=outcome.failed if defect else outcome.must,
        attributed=defect is not None and any(defect.violates(clause) for clause in outcome.failed),
        detected_by=next(iter(outcome.tests), ""),
        errors=outcome.errors,
        exit_code=outcome.exit_code,
        requests=outcome.requests,
        left=outcome.left,
        seconds=round(outcome.seconds, 1),
    )


def jobs(options: argparse.Namespace) -> list[Job]:
    """A job for each selected defect and variation, and with further seeds for packs of variations."""
    everything = {"defects": [*DEFECTS], "variations": [*VARIATIONS], "both": [*DEFECTS, *VARIATIONS]}
    selected = options.only if options.only is not None else everything[options.what]
    defects = [name for name in selected if name in DEFECTS]
    variations = [tuple(name.split("+")) for name in selected if name not in DEFECTS]
    job = partial(Job, profile=options.profile, workers=options.workers)
    planned = [job(defects=(name,), stop=not options.all) for name in defects]
    planned += [job(variations=names) for names in variations]
    for seed in range(1, options.seeds):
        groups = packs(seed, PACK_SIZE) if options.only is None else variations
        planned += [job(variations=names, seed=seed) for names in groups]
    return planned[options.part :: options.parts]


def summary(rows: Sequence[Row]) -> str:
    """The detection rate, the attribution rate and the false positives, with a line for each exception."""
    defects = [each for each in rows if each.clause]
    variations = [each for each in rows if not each.clause]
    detected = [each for each in defects if each.is_detected]
    false_positives = [each for each in variations if each.is_false_positive]
    lines = [f"NOT DETECTED   {each.seeded} ({each.clause})" for each in defects if not each.is_detected]
    lines += [
        f"WRONG CLAUSE   {each.seeded} ({each.clause}): {', '.join(each.failed[:3])}"
        for each in detected
        if not each.attributed
    ]
    lines += [
        f"FALSE POSITIVE {each.seeded}, seed {each.seed}: {', '.join(each.failed) or f'exit code {each.exit_code}'}"
        for each in false_positives
    ]
    if defects:
        attributed = sum(each.attributed for each in detected)
        lines.append(
            f"{len(detected)} of {len(defects)} defects detected, {attributed} of them attributed to their clause"
        )
    if variations:
        seeds = len({each.seed for each in variations})
        lines.append(
            f"{len(false_positives)} false positives in {len(variations)} runs on conforming variations, {seeds} seeds"
        )
    lines.append(
        f"{sum(each.requests for each in rows)} requests, at most {max(each.requests for each in rows)} in one run; "
        f"{sum(each.left for each in rows)} customers left"
    )
    return "\n".join(lines)


def parser() -> argparse.ArgumentParser:
    """The parser of the options."""
    options = argparse.ArgumentParser(
        prog="python -m meta_tests.effectiveness.kill_matrix", description=__doc__
    )
    options.add_argument(
        "--only", nargs="*", help="names of defects and variations (a+b combines two variations)"
    )
    options.add_argument("--what", choices=("defects", "variations", "both"), default="both")
    options.add_argument(
        "--all", action="store_true", help="run all tests on a defect, not only to a failure"
    )
    options.add_argument("--profile", default="gate")
    options.add_argument(
        "--workers",
        type=lambda text: None if text == "auto" else int(text),
        default=0,
        metavar="N",
        help="workers of each run; auto: the run chooses",
    )
    options.add_argument("--seeds", type=int, default=1, metavar="N", help="run variations with N seeds")
    options.add_argument(
        "--part", type=int, default=0, metavar="K", help="with --parts N: every N-th run, from the K-th"
    )
    options.add_argument("--parts", type=int, default=1, metavar="N")
    options.add_argument(
        "--processes",
        type=int,
        default=PROCESSES,
        metavar="N",
        help="parallel runs; use more than there are cores for variations that mostly wait",
    )
    options.add_argument("--output", type=Path, default=OUTPUT)
    return options


def main(arguments: Sequence[str]) -> int:
    """Runs the selected jobs; returns the exit code."""
    options_parser = parser()
    options = options_parser.parse_args(arguments)
    for name in options.only or ():
        if name not in DEFECTS and not all(part in VARIATIONS for part in name.split("+")):
            options_parser.error(
                f"{name} is neither a defect nor a variation; python -m mock_tenant --list names them all."
            )
    started, planned = time.monotonic(), jobs(options)
    if not planned:
        options_parser.error("no run is selected; use names that python -m mock_tenant --list prints.")
    rows: list[Row] = []
    for outcome in run(planned, options.processes):
        latest = row(outcome)
        rows.append(latest)
        failures = ", ".join(latest.failed[:2]) or f"no clause failed, exit code {latest.exit_code}"
        sys.stdout.write(
            f"[{len(rows)}/{len(planned)}] {latest.seeded}: {failures} ({latest.seconds:.0f} s)\n"
        )
        sys.stdout.flush()
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(json.dumps([asdict(each) for each in rows], indent=1), encoding="utf-8")
    sys.stdout.write(f"{summary(rows)}\n{time.monotonic() - started:.0f} seconds\n")
    return int(any(each.is_false_positive or (each.clause and not each.is_detected) for each in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
