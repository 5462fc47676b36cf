"""`make kill-matrix`: the whole suite against every planted defect and every permitted variation.

Each run stops at its first red MUST or SHOULD clause, unless --all. The outcome of every run goes to
reports/kill-matrix.json as soon as it is there; a table of what was missed, and of what was accused without
cause, is printed at the end. Exit code 1 where a defect was missed or a variation accused.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from meta_tests.killing import Job, Outcome, run
from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant import variations as _variations  # noqa: F401 - likewise
from mock_tenant.planting import DEFECTS, VARIATIONS

OUTPUT = Path("reports") / "kill-matrix.json"


@dataclass(frozen=True)
class Row:
    """One run: what was planted, the clause it should redden, and the clauses that did go red."""

    planted: str
    clause: str
    red: tuple[str, ...]
    errors: tuple[str, ...]
    exit_code: int
    requests: int
    left: int
    seconds: float

    @property
    def caught(self) -> bool:
        """Whether any clause went red."""
        return bool(self.red)

    @property
    def right(self) -> bool:
        """Whether the clause that the defect breaks was among those that went red first."""
        return self.clause in self.red

    @property
    def accused(self) -> bool:
        """Whether a MUST clause of a permitted variation went red, or the run did not end well."""
        return not self.clause and self.exit_code != 0


def row(outcome: Outcome) -> Row:
    """The outcome of one run as a row; of a variation only MUST clauses count, for SHOULD is advice."""
    planted = outcome.job.defects
    return Row(
        planted=outcome.job.name,
        clause=DEFECTS[planted[0]].clause if planted else "",
        red=outcome.red if planted else outcome.must,
        errors=outcome.errors,
        exit_code=outcome.exit_code,
        requests=outcome.requests,
        left=outcome.left,
        seconds=round(outcome.seconds, 1),
    )


def jobs(options: argparse.Namespace) -> list[Job]:
    """A run for each defect and each variation that was asked for, in each seed."""
    stop = () if options.all else ("--maxfail=1",)
    chosen = options.only or [*DEFECTS, *VARIATIONS]
    profile = f"--hypothesis-profile={options.profile}"
    planned = []
    for seed in range(options.seeds):
        more = ("tests", profile, f"--hypothesis-seed={seed}")
        planned += [Job(defects=(name,), arguments=(*more, *stop)) for name in chosen if name in DEFECTS]
        planned += [
            Job(variations=tuple(name.split("+")), arguments=more) for name in chosen if name not in DEFECTS
        ]
    return planned[options.part :: options.parts]


def summary(rows: Sequence[Row]) -> str:
    """What was caught and what was missed, in a few lines."""
    killed = [each for each in rows if each.clause]
    varied = [each for each in rows if not each.clause]
    caught, right = sum(each.caught for each in killed), sum(each.right for each in killed)
    lines = [f"MISSED   {each.planted} (breaks {each.clause})" for each in killed if not each.caught]
    lines += [
        f"ASTRAY   {each.planted} (breaks {each.clause}): {', '.join(each.red[:3])}"
        for each in killed
        if each.caught and not each.right
    ]
    lines += [
        f"ACCUSED  {each.planted}: {', '.join(each.red) or each.exit_code}" for each in varied if each.accused
    ]
    if killed:
        lines.append(f"{caught} of {len(killed)} defects caught, {right} on the very clause")
    if varied:
        accused = sum(each.accused for each in varied)
        lines.append(f"{accused} of {len(varied)} runs on permitted variations accused the tenant")
    return "\n".join(lines)


def main(arguments: Sequence[str]) -> int:
    """Run what the arguments ask for; the exit code."""
    parser = argparse.ArgumentParser(prog="python -m meta_tests.kill_matrix", description=__doc__)
    parser.add_argument(
        "--only", nargs="*", help="names of defects and variations (a+b combines two variations)"
    )
    parser.add_argument("--all", action="store_true", help="let every run go on to its end")
    parser.add_argument("--profile", default="gate")
    parser.add_argument("--seeds", type=int, default=1, metavar="N", help="run everything under N seeds")
    parser.add_argument(
        "--part", type=int, default=0, metavar="K", help="with --parts N: every N-th run, from the K-th"
    )
    parser.add_argument("--parts", type=int, default=1, metavar="N")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args(arguments)
    planned, rows = jobs(options), []
    for outcome in run(planned):
        rows.append(row(outcome))
        latest = rows[-1]
        verdict = "red on " + ", ".join(latest.red[:2]) if latest.red else f"exit {latest.exit_code}"
        sys.stdout.write(
            f"[{len(rows)}/{len(planned)}] {latest.planted}: {verdict} ({latest.seconds:.0f} s)\n"
        )
        sys.stdout.flush()
        options.output.parent.mkdir(parents=True, exist_ok=True)
        options.output.write_text(json.dumps([asdict(each) for each in rows], indent=1), encoding="utf-8")
    sys.stdout.write(summary(rows) + "\n")
    return int(any(each.accused or (each.clause and not each.caught) for each in rows))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
