"""Everything of Schemathesis that is not public; `test_schemathesis_internals.py` fails when it changes."""

from collections.abc import Iterator
from typing import Any

from schemathesis import APIOperation, Case, GenerationMode

# The body of a case that has none; None is the JSON value null.
from schemathesis.core import NOT_SET as NO_BODY

# The only failure with the path of the invalid value, which decides what clause is violated.
from schemathesis.openapi.checks import JsonSchemaError

Operation = APIOperation[Any, Any, Any, Any]
GeneratedCase = Case[Operation]


def coverage_cases(operation: Operation) -> Iterator[tuple[GeneratedCase, Any]]:
    """The cases of the coverage phase, each with its description; a process can derive all of them only once.

    The public way, `schema.parametrize()`, makes one test of all cases of an operation, and the first failure
    hides the rest. The method and the metadata are not documented: description, parameter, parameter_location.
    """
    config = operation.schema.config.generation_for(operation=operation, phase="coverage")
    modes = list(GenerationMode)
    for case in operation.schema.iter_coverage_cases(
        operation, generation_modes=modes, generation_config=config
    ):
        assert case.meta is not None, "a coverage case has metadata"
        yield case, case.meta.phase.data


__all__ = ["NO_BODY", "GeneratedCase", "JsonSchemaError", "Operation", "coverage_cases"]
