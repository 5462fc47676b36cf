"""The contract: the clause catalogue and the OpenAPI document, as published and as corrected."""

from spec.absent import ABSENT, Absent
from spec.clauses import Clause, clause, clauses
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
    "clause",
    "clauses",
    "document",
    "operations",
    "schema",
    "show",
    "status_mismatch",
]
