"""How the tests ask: markers, budgets, and the tenant under test with its judged answers."""

from tests.asking.answers import Answer
from tests.asking.budget import examples, only_nightly, profile, smoke
from tests.asking.customer import Customer
from tests.asking.markers import clause, drawn
from tests.asking.settling import settled
from tests.asking.under_test import TenantUnderTest

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
