"""What a run observes of the conforming tenant in unspecified clauses, and which readings no tenant here has.

A variation names the readings that it produces instead (`Variation.readings`).
"""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Final

from mock_tenant.constants import LIST_OPERATIONS

DEFAULT_READINGS: Final[Mapping[str, tuple[str, ...]]] = {
    **{
        f"{operation}.expand.{attribute}": (reading,)
        for operation, reading in (
            ("list", "returned on request"),
            ("search", "returned on request"),
            ("get", "returned on request only"),
        )
        for attribute in ("accounts", "addresses")
    },
    "*.expand.unknown": ("ignored",),
    "*.pageNumber.alone": ("accepted",),
    "*.sort.several": ("colons accepted", "commas accepted"),
    "*.sort.unknown": ("accepted",),
    "*.sort.localised": ("accepted",),
    "*.q.no-key": ("no key rejected", "lone tilde rejected"),
    "*.restriction.empty": ("rejected",),
    "*.null.non-nullable": ("rejected",),
    "*.unknown-properties": ("ignored",),
    "create.id.format": ("letters and digits",),
    "get.absent.form": ("left out",),
    "get.restriction.answer": ("not found",),
    "*.sort.absent": ("first",),
    "*.sort.collation": ("code points",),
    "*.order.unsorted": ("oldest first",),
    "create.id.pattern-reading": ("1 to 66 characters",),
    "create.active.ignored": ("ignored",),
    "upsert.update.omitted": ("reset",),
    "patch.null.unsets": ("rejected",),
    "patch.email.conflict": ("rejected",),
    "token.scope.deprecated": ("not issued",),
    "*.total-count": ("not returned",),
}
"""By clause; `*` matches any text. A clause with several readings has one of each pair of alternatives."""

NOT_RETURNED: Final = "a tenant that does not return addresses on request violates other clauses too"
DOCUMENTED: Final = (
    "the document names the attribute, so that a tenant that rejects it violates other clauses too"
)
OTHER: Final = "the reading does not say which"
NOT_IMITABLE: Final[Mapping[tuple[str, str], str]] = {
    ("get.absent.form", "other form"): OTHER,
    **{
        (f"{operation}.{aspect}", "other order"): OTHER
        for operation in LIST_OPERATIONS
        for aspect in ("sort.absent", "sort.collation")
    },
    **{
        (f"{operation}.expand.{attribute}", "rejected"): DOCUMENTED
        for operation in LIST_OPERATIONS
        for attribute in ("accounts", "addresses")
    },
    ("list.expand.addresses", "not returned"): NOT_RETURNED,
    ("search.expand.addresses", "not returned"): NOT_RETURNED,
    ("get.expand.addresses", "never returned"): NOT_RETURNED,
    ("get.expand.addresses", "returned without expand only"): NOT_RETURNED,
}
"""Readings that neither the conforming tenant nor a variation has, and the reason, which completes a sentence."""


def default_readings(clause: str) -> tuple[str, ...]:
    """What a run observes of the conforming tenant for this clause; empty if the clause has no readings."""
    return next((readings for name, readings in DEFAULT_READINGS.items() if fnmatchcase(clause, name)), ())
