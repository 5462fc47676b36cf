"""Benchmarks (pytest-benchmark) of the code that runs for each example or each exchange."""

import json
from typing import Any, get_args

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from pytest_benchmark.fixture import BenchmarkFixture

import oracle
from client import Exchange, Redactor
from harness.api import KnownCustomers
from harness.checks import invariants
from strategies import customers, namespace

EXAMPLES = 50
"""The number of bodies in one round."""


@pytest.fixture(autouse=True, scope="module")
def prefix() -> None:
    """Sets the run prefix of generated ids."""
    namespace.use("cct-bench-")


def representation(number: int) -> dict[str, Any]:
    """A customer as get returns it."""
    body = customers.plain(company="Analytical Engines", mixins={"a": {"points": number}})
    generated = {
        "businessModel": "B2C",
        "metadataCreatedAt": "2026-01-01T00:00:00.000Z",
        "customerNumber": f"c{number}",
    }
    return {**body, **generated, "id": f"c{number}", "active": True, "onHold": False}


@pytest.mark.parametrize("operation", get_args(customers.BodyOperation))
def test_generating_bodies(benchmark: BenchmarkFixture, operation: customers.BodyOperation) -> None:
    bodies: list[Any] = []

    @settings(
        max_examples=EXAMPLES,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(customers.valid_bodies(operation))
    def generate(body: Any) -> None:
        bodies.append(body)

    benchmark(generate)
    assert len(bodies) >= EXAMPLES


def test_comparing_a_customer(benchmark: BenchmarkFixture) -> None:
    customer = representation(1)
    record = oracle.created(
        {name: customer[name] for name in ("contactEmail", "company", "mixins")},
        id="c1",
        rules=oracle.Rules(),
        by="create",
    )
    assert benchmark(lambda: list(oracle.comparisons(record, customer, expand=("mixin:*",)))) is not None


def test_validating_the_shape_of_a_customer(benchmark: BenchmarkFixture) -> None:
    customer = representation(1)
    assert benchmark(lambda: oracle.customer_mismatch(customer)) is None


def test_checking_the_invariants(benchmark: BenchmarkFixture) -> None:
    exchange = listing()
    known = KnownCustomers(ids={f"c{number}" for number in range(60)})
    verdicts = benchmark(lambda: list(invariants.invariants(exchange, known)))
    assert all(violation is None for _, violation in verdicts)


def test_redacting_an_exchange(benchmark: BenchmarkFixture) -> None:
    exchange = listing()
    assert benchmark(exchange.as_json)["status"] == 200


def listing() -> Exchange:
    """A list of sixty customers."""
    return Exchange(
        number=1,
        operation="list",
        identity="client",
        method="GET",
        url="http://127.0.0.1/customer/acme/customers",
        path="/customer/acme/customers",
        request_headers=(("Authorization", "Bearer abcdefghijklmnopqrstuvwxyz"),),
        request_body=None,
        status=200,
        response_headers=(("Content-Type", "application/json"), ("Count", "60")),
        response_body=json.dumps([representation(number) for number in range(60)]).encode(),
        started=0.0,
        elapsed=0.001,
        redactor=Redactor(["secret-of-the-run", "another-secret"]),
    )
