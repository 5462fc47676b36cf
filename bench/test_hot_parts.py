"""The parts that run once for each example or exchange, under pytest-benchmark."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from pytest_benchmark.fixture import BenchmarkFixture

import oracle
from client import Exchange, Redactor
from harness import invariants
from strategies import customers, namespace

DRAWN = 50
"""Bodies that one round draws."""


@pytest.fixture(autouse=True, scope="module")
def prefix() -> None:
    """Names for what is drawn."""
    namespace.use("cct-bench-")


def shown(number: int) -> dict[str, Any]:
    """A customer as get shows it."""
    body = customers.plain(company="Analytical Engines", mixins={"a": {"points": number}})
    made = {
        "businessModel": "B2C",
        "metadataCreatedAt": "2026-01-01T00:00:00.000Z",
        "customerNumber": f"c{number}",
    }
    return {**body, **made, "id": f"c{number}", "active": True, "onHold": False}


@pytest.mark.parametrize(
    "strategy", [customers.create_bodies, customers.upsert_bodies, customers.patch_bodies]
)
def test_drawing_bodies(benchmark: BenchmarkFixture, strategy: Any) -> None:
    drawn: list[Any] = []

    @settings(
        max_examples=DRAWN,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy())
    def draw(body: Any) -> None:
        drawn.append(body)

    benchmark(draw)
    assert len(drawn) >= DRAWN


def test_comparing_a_customer(benchmark: BenchmarkFixture) -> None:
    seen = shown(1)
    record = oracle.created(
        {name: seen[name] for name in ("contactEmail", "company", "mixins")},
        id="c1",
        rules=oracle.Rules(),
        by="create",
    )
    assert benchmark(lambda: list(oracle.differences(record, seen, expand=("mixin:*",)))) is not None


def test_the_shape_of_a_customer(benchmark: BenchmarkFixture) -> None:
    seen = shown(1)
    assert benchmark(lambda: oracle.customer_difference(seen)) is None


def test_what_holds_of_every_answer(benchmark: BenchmarkFixture) -> None:
    exchange = listing()
    known = invariants.Known(ids={f"c{number}" for number in range(60)})
    verdicts = benchmark(lambda: list(invariants.judged(exchange, known)))
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
        response_body=json.dumps([shown(number) for number in range(60)]).encode(),
        started=0.0,
        elapsed=0.001,
        redactor=Redactor(["secret-of-the-run", "another-secret"]),
    )
