"""How the tests ask: markers, budgets, and the tenant under test with its judged answers."""

from harness.answers import Answer
from harness.customer import Customer
from harness.markers import clause, drawn
from harness.plugin.profiles import examples, only_nightly, profile, smoke
from harness.polling import settled
from harness.tenant_under_test import TenantUnderTest

__all__ = [
    "Answer",
    "Customer",
    "TenantUnderTest",
    "clause",
    "drawn",
    "examples",
    "only_nightly",
    "profile",
    "settled",
    "smoke",
]
