"""`python -m meta_tests.effectiveness.write_test_costs`: writes how many requests each test sends at the gate.

The order of the tests depends on it. A number need not be exact: a new test has a default.
"""

import json
from collections import defaultdict
from collections.abc import Iterable

from harness.plugin.execution.ordering import COSTS
from meta_tests.effectiveness.jobs import Job, TestRun
from meta_tests.effectiveness.matrix_runs import run


def costs(timeline: Iterable[TestRun]) -> dict[str, float]:
    """The mean number of requests of the cases of each test."""
    found: defaultdict[str, list[int]] = defaultdict(list)
    before = 0
    for each in timeline:
        found[each.test.partition("[")[0]].append(each.requests - before)
        before = each.requests
    return {test: round(sum(sent) / len(sent), 1) for test, sent in sorted(found.items())}


def main() -> None:
    """Runs the gate profile once and writes the file."""
    (outcome,) = run([Job()])
    COSTS.write_text(json.dumps(costs(outcome.timeline), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
