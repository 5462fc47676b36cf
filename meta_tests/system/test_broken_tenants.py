"""Tenants that break the contract in their first responses: such a run is a verdict, not an error of the run."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from meta_tests.support.loopback_tenant import LoopbackTenant, Reply, Seen, loopback_tenant
from meta_tests.support.project_runs import environment, run_suite
from reporting import read


@pytest.fixture
def server() -> Iterator[LoopbackTenant]:
    with loopback_tenant() as tenant:
        yield tenant


def token_without_value(seen: Seen) -> Reply | None:
    return Reply(200, {"token_type": "Bearer", "expires_in": 60}) if seen.is_token else None


def numeric_id(seen: Seen) -> Reply | None:
    return Reply(201, {"id": 7}, act=True) if seen.method == "POST" and not seen.is_token else None


def failing_create(seen: Seen) -> Reply | None:
    return Reply(418, {}) if seen.method == "POST" and not seen.is_token else None


def object_for_a_list(seen: Seen) -> Reply | None:
    is_list = seen.method == "GET" and seen.path.endswith("/customers")
    return Reply(200, {"customers": []}) if is_list else None


@pytest.mark.parametrize(
    ("fault", "clause_id", "tests"),
    [
        (token_without_value, "token.request.client-credentials", "tests/access/test_tokens.py"),
        (numeric_id, "create.answer.id", "tests/writes/test_create.py"),
        (failing_create, "create.status.created", "tests/writes/test_create.py"),
        (object_for_a_list, "list.schema.customer", "tests/reads/test_pages.py"),
    ],
)
def test_broken_tenant_is_not_conformant(
    server: LoopbackTenant,
    tmp_path: Path,
    fault: Callable[[Seen], Reply | None],
    clause_id: str,
    tests: str,
) -> None:
    server.faults.append(fault)
    run = run_suite(tmp_path / "reports", tests, environ=environment(**server.environ()))
    assert run.code == 1, run.output
    assert clause_id in {clause.id for clause in read(run.folder / "conformance.json").failing()}, run.output
    assert "Traceback" not in run.output
    assert "was killed" not in run.output
    assert not [each for each in server.customers.values() if "contactEmail" in each]
