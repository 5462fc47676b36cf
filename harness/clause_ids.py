"""Families of clauses that one test answers for."""

from spec import clauses


def round_trips(operation: str) -> tuple[str, ...]:
    """The clauses that say that what the operation wrote is read back."""
    return tuple(
        name for name in clauses() if name.startswith(f"{operation}.") and name.endswith(".round-trip")
    )


def of(*operations: str, aspect: str) -> tuple[str, ...]:
    """The clause of this aspect for each operation that has one: of("get", "list", aspect="schema.customer")."""
    return tuple(name for operation in operations if (name := f"{operation}.{aspect}") in clauses())
