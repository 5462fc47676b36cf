"""What is promised: the clause catalogue and the OpenAPI document, published and corrected."""

from spec.clauses import Clause, Violation, clause, clauses
from spec.contract import Operation, document, operations, schema
from spec.errors import SpecificationError

__all__ = [
    "Clause",
    "Operation",
    "SpecificationError",
    "Violation",
    "clause",
    "clauses",
    "document",
    "operations",
    "schema",
]
