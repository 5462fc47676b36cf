"""What the suite uses of Schemathesis beyond its public interface: each part fails here first, with its remedy."""

import ast
import importlib
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import schemathesis
from schemathesis.errors import FailureGroup

import spec

PROJECT = Path(__file__).parents[4]
INTERNALS = PROJECT / "harness/schemathesis/internals.py"
PRINTER = PROJECT / "harness/plugin/evidence/hypothesis_internals.py"
"""It sets up Schemathesis before it restores the printer of Hypothesis."""
PUBLIC = frozenset({"schemathesis", "schemathesis.checks", "schemathesis.errors", "schemathesis.openapi"})
REMEDY = f"Schemathesis {schemathesis.__version__} has changed: adapt harness/schemathesis/internals.py"


def imports(path: Path) -> Iterator[tuple[str, str]]:
    """What a file imports from Schemathesis: module and name."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((each.name, "") for each in node.names if each.name.split(".")[0] == "schemathesis")
        elif isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "schemathesis":
            yield from ((node.module or "", each.name) for each in node.names)


def operation() -> Any:
    """The operation that creates a customer."""
    schema = schemathesis.openapi.from_dict(spec.document(), config=schemathesis.Config())
    path = next(path for path in schema if path.endswith("/customers"))
    return schema[path]["POST"]


def test_only_one_module_imports_what_is_not_public() -> None:
    packages = ("harness", "client", "strategies", "oracle", "reporting", "tests")
    files = [
        path
        for package in packages
        for path in (PROJECT / package).rglob("*.py")
        if not path.parent.name.startswith(".")  # a replay that runs at the same time
    ]
    found = {
        f"{path.relative_to(PROJECT)} imports {module}"
        for path in files
        for module, _ in imports(path)
        if module not in PUBLIC and path not in (INTERNALS, PRINTER)
    }
    assert not found, f"only harness/schemathesis/internals.py imports what is not public: {sorted(found)}"


@pytest.mark.parametrize(("module", "name"), list(imports(INTERNALS)))
def test_the_name_exists(module: str, name: str) -> None:
    try:
        found = hasattr(importlib.import_module(module), name)
    except ImportError:
        found = False
    assert found, f"{REMEDY}; {module} has no {name} any more."


def test_no_body_is_not_null() -> None:
    from harness.schemathesis.internals import NO_BODY

    bodies = [operation().Case().body, operation().Case(body=None, media_type="application/json").body]
    assert bodies == [NO_BODY, None], f"{REMEDY}; NOT_SET is not the body of a case without one."


def test_a_schema_failure_has_the_path_of_the_invalid_value() -> None:
    from harness.schemathesis.internals import JsonSchemaError

    response = httpx.Response(201, json={"id": 7}, request=httpx.Request("POST", "http://127.0.0.1/"))
    response.elapsed = timedelta()
    with pytest.raises(FailureGroup) as caught:
        operation().Case(path_parameters={"tenant": "acme"}).validate_response(
            response, checks=[schemathesis.checks.response_schema_conformance]
        )
    failure = caught.value.exceptions[0]
    assert isinstance(failure, JsonSchemaError), f"{REMEDY}; a schema failure is a {type(failure).__name__}."
    assert [*failure.instance_path] == ["id"], f"{REMEDY}; instance_path is {failure.instance_path!r}."


def test_coverage_cases_are_described() -> None:
    from harness.schemathesis.internals import coverage_cases

    try:
        described = [
            (case.method, data.description, data.parameter) for case, data in coverage_cases(operation())
        ]
    except (AttributeError, TypeError) as error:
        pytest.fail(f"{REMEDY}; coverage cases cannot be derived: {error}")
    assert ("POST", "Object with all required properties and 'company'", "application/json") in described, (
        REMEDY
    )
