"""`make kill-matrix`: the whole suite against every planted defect and every permitted variation.

Each run on a defect stops at its first red test, unless --all, so that the first red clause can be told. The
variations are asked about one by one under seed 0, and in packs that change with the seed under --seeds more.
The outcome of every run goes to reports/kill-matrix.json as soon as it is there; a table of what was missed, what
went astray and what was accused without cause is printed at the end. Exit code 1 where a defect was missed or a
variation accused.
"""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from meta_tests.effectiveness.jobs import Job, Outcome
from meta_tests.effectiveness.matrix_runs import PROCESSES, run
from meta_tests.effectiveness.variation_packs import packs
from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant import variations as _variations  # noqa: F401 - likewise
from mock_tenant.registry import DEFECTS, VARIATIONS

OUTPUT = Path("reports") / "kill-matrix.json"
PACK = 5
"""Variations that one run asks about together."""


@dataclass(frozen=True)
class Row:
    """One run: what was planted, the clause it should redden, the clauses that went red, and the test that said so."""

    planted: str
    clause: str
    seed: int
    red: tuple[str, ...]
    right: bool
    killed_by: str
    errors: tuple[str, ...]
    exit_code: int
    requests: int
    left: int
    seconds: float

    @property
    def accused(self) -> bool:
        """Whether a MUST clause of a permitted variation went red, or the run did not end well."""
        return not self.clause and (self.exit_code != 0 or self.left != 0)


def row(outcome: Outcome) -> Row:
    """The outcome of one run as a row; of a variation only MUST clauses count, for SHOULD is advice."""
    job = outcome.job
    planted = DEFECTS[job.defects[0]] if job.defects else None
    return Row(
        planted=job.name,
        clause=planted.clause if planted else "",
        seed=job.seed,
        red=outcome.red if planted else outcome.must,
        right=planted is not None and any(planted.breaks(name) for name in outcome.red),
        killed_by=next(iter(outcome.tests), ""),
        errors=outcome.errors,
        exit_code=outcome.exit_code,
        requests=outcome.requests,
        left=outcome.left,
        seconds=round(outcome.seconds, 1),
    )


def jobs(options: argparse.Namespace) -> list[Job]:
    """A run for each defect and variation that was asked for; with more seeds, packs of all variations under each."""
    everything = {"defects": [*DEFECTS], "variations": [*VARIATIONS], "both": [*DEFECTS, *VARIATIONS]}
    chosen = options.only if options.only is not None else everything[options.what]
    defects = [name for name in chosen if name in DEFECTS]
    varied = [tuple(name.split("+")) for name in chosen if name not in DEFECTS]
    planned = [Job(defects=(name,), profile=options.profile, stop=not options.all) for name in defects]
    planned += [Job(variations=names, profile=options.profile) for names in varied]
    for seed in range(1, options.seeds):
        groups = packs(seed, PACK) if options.only is None else varied
        planned += [Job(variations=names, profile=options.profile, seed=seed) for names in groups]
    return planned[options.part :: options.parts]


def summary(rows: Sequence[Row]) -> str:
    """What was caught and what was missed, in a few lines."""
    killed = [each for each in rows if each.clause]
    varied = [each for each in rows if not each.clause]
    caught, right = sum(bool(each.red) for each in killed), sum(each.right for each in killed)
    lines = [f"MISSED   {each.planted} (breaks {each.clause})" for each in killed if not each.red]
    lines += [
        f"ASTRAY   {each.planted} (breaks {each.clause}): {', '.join(each.red[:3])}"
        for each in killed
        if each.red and not each.right
    ]
    lines += [
        f"ACCUSED  {each.planted}, seed {each.seed}: {', '.join(each.red) or f'exit code {each.exit_code}'}"
        for each in varied
        if each.accused
    ]
    if killed:
        lines.append(f"{caught} of {len(killed)} defects caught, {right} of them on the very clause")
    if varied:
        accused, seeds = sum(each.accused for each in varied), len({each.seed for each in varied})
        lines.append(
            f"{accused} of {len(varied)} runs on permitted variations, {seeds} seeds, accused the tenant"
        )
    lines.append(
        f"{sum(each.requests for each in rows)} requests, at most {max(each.requests for each in rows)} in a run; "
        f"{sum(each.left for each in rows)} customers left"
    )
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run what the arguments ask for; the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m meta_tests.effectiveness.kill_matrix", description=__doc__
    )
    parser.add_argument(
        "--only", nargs="*", help="names of defects and variations (a+b combines two variations)"
    )
    parser.add_argument("--what", choices=("defects", "variations", "both"), default="both")
    parser.add_argument("--all", action="store_true", help="let every run on a defect go on to its end")
    parser.add_argument("--profile", default="gate")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="vary as permitted under N seeds")
    parser.add_argument(
        "--part", type=int, default=0, metavar="K", help="with --parts N: every N-th run, from the K-th"
    )
    parser.add_argument("--parts", type=int, default=1, metavar="N")
    parser.add_argument(
        "--processes",
        type=int,
        default=PROCESSES,
        metavar="N",
        help="runs at a time; many variations only wait",
    )
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args(arguments)
    for name in options.only or ():
        if name not in DEFECTS and not all(part in VARIATIONS for part in name.split("+")):
            parser.error(
                f"{name} is no defect and no variation; python -m mock_tenant --list names them all."
            )
    started, planned = time.monotonic(), jobs(options)
    if not planned:
        parser.error(
            "nothing is left to run; name defects and variations that `make mock ARGS=--list` knows."
        )
    rows: list[Row] = []
    for outcome in run(planned, options.processes):
        rows.append(row(outcome))
        latest = rows[-1]
        verdict = "red on " + ", ".join(latest.red[:2]) if latest.red else f"exit {latest.exit_code}"
        sys.stdout.write(
            f"[{len(rows)}/{len(planned)}] {latest.planted}: {verdict} ({latest.seconds:.0f} s)\n"
        )
        sys.stdout.flush()
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(json.dumps([asdict(each) for each in rows], indent=1), encoding="utf-8")
    sys.stdout.write(f"{summary(rows)}\n{time.monotonic() - started:.0f} seconds\n")
    return int(any(each.accused or (each.clause and not each.red) for each in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
