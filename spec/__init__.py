"""What is promised: the clause catalogue and the OpenAPI document, published and corrected."""

from spec.clauses import Clause, SpecificationError, Violation, clause, clauses

__all__ = ["Clause", "SpecificationError", "Violation", "clause", "clauses"]
