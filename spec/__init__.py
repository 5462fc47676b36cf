"""What is promised: the clause catalogue and the OpenAPI document, published and corrected."""

from spec.absent import ABSENT, Absent
from spec.clauses import Clause, Violation, clause, clauses
from spec.contract import Operation, document, operations, schema
from spec.errors import SpecificationError
from spec.formatting import show
from spec.mismatch import Kind, Mismatch, OneOf, Rule, status_mismatch

__all__ = [
    "ABSENT",
    "Absent",
    "Clause",
    "Kind",
    "Mismatch",
    "OneOf",
    "Operation",
    "Rule",
    "SpecificationError",
    "Violation",
    "clause",
    "clauses",
    "document",
    "operations",
    "schema",
    "show",
    "status_mismatch",
]
