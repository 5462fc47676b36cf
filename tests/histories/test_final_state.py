"""At the end of the run: every customer that was left alone still is what get said of it."""

import pytest

from harness import TenantUnderTest, clause
from harness.final_check import Audit


@clause(
    "create.others.unchanged",
    "upsert.others.unchanged",
    "patch.others.unchanged",
    "delete.others.unchanged",
    "list.agrees-with-get",
    "search.agrees-with-get",
)
def test_nobody_changed_who_was_left_alone(tenant: TenantUnderTest) -> None:
    if tenant.windows.read:
        pytest.skip("Not asked: reads may be late, so that what get said may have been what was.")
    audit = Audit.of(tenant)
    if not audit.customers:
        pytest.skip("Not asked: this run has left no customer alone.")
    audit.run()
