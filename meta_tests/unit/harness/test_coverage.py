"""Coverage of the contract: what counts as exercised, what does not, and the sum of runs."""

import gc
import json
import tracemalloc
from typing import Any

import pytest

from client import Exchange
from harness.coverage import CoverageCollector
from reporting.model.coverage import KINDS, Coverage, Kind, Points, added

BASE = "/customer/acmestaging/customers"


def exchange(
    operation: str,
    method: str,
    path: str = BASE,
    *,
    query: str = "",
    status: int = 200,
    sent: Any = None,
    returned: Any = None,
    media_type: str = "application/json; charset=utf-8",
) -> Exchange:
    """One exchange; `sent` and `returned` are JSON values, or raw bytes."""
    body = sent if sent is None or isinstance(sent, bytes) else json.dumps(sent).encode()
    answer = (
        returned
        if isinstance(returned, bytes)
        else b""
        if returned is None
        else json.dumps(returned).encode()
    )
    return Exchange(
        number=1,
        operation=operation,
        identity="client",
        method=method,
        url=f"https://api.example.com{path}" + (f"?{query}" if query else ""),
        path=path,
        request_headers=(("Content-Type", media_type),) if body is not None else (),
        request_body=body,
        status=status,
        response_headers=(),
        response_body=answer,
        started=0.0,
        elapsed=0.01,
    )


def of(kind: Kind, *exchanges: Exchange) -> set[str]:
    """The points of this kind that the exchanges reach."""
    collector = CoverageCollector()
    for each in exchanges:
        collector.observe(each)
    return set(collector.coverage()[kind].reached)


def test_nothing_is_reached_before_the_first_request() -> None:
    coverage = CoverageCollector().coverage()
    assert list(coverage) == list(KINDS)
    assert [kind for kind, each in coverage.items() if each.reached or not each.missed] == []
    names = [name for each in coverage.values() for name in each.missed]
    assert len(names) == len(set(names))


def test_parameters_count_as_sent_and_as_left_out() -> None:
    sent = of("parameters", exchange("list", "GET", query="q=id:x&pageSize=2"))
    assert {"list path.tenant: sent", "list query.q: sent", "list query.sort: left out"} <= sent
    assert not {"list query.q: left out", "list query.sort: sent", "search query.sort: left out"} & sent
    assert "list query.q: left out" in of("parameters", exchange("list", "GET"))


@pytest.mark.parametrize(
    ("length", "point"),
    [
        (0, "create body.id: 0 characters, too few"),
        (1, "create body.id: 1 character"),
        (66, "create body.id: 66 characters"),
        (67, "create body.id: 67 characters, too many"),
    ],
)
def test_both_sides_of_a_bound_are_separate_points(length: int, point: str) -> None:
    lengths = {
        name
        for name in of("bounds", exchange("create", "POST", sent={"id": "a" * length}, status=400))
        if name.startswith("create body.id: ") and "character" in name
    }
    assert lengths == {point}


def test_types_numbers_and_patterns_have_two_sides() -> None:
    def reached(place: str, *exchanges: Exchange) -> set[str]:
        return {
            name.removeprefix(f"{place}: ") for name in of("bounds", *exchanges) if name.startswith(place)
        }

    def pages(text: str) -> Exchange:
        return exchange("list", "GET", query=f"pageNumber={text}&pageSize=1")

    assert reached("list query.pageNumber", pages("1")) == {"1, the least", "of type integer"}
    assert reached("list query.pageNumber", pages("0")) == {"0, too little", "of type integer"}
    assert reached("list query.pageNumber", pages("one")) == {"of another type"}
    assert reached("list query.pageNumber", pages("1.0")) == {"of another type"}
    titled = [exchange("patch", "PATCH", f"{BASE}/x", sent={"title": value}) for value in ("Dr.", 7)]
    assert reached("patch body.title", *titled) == {"of type string", "of another type"}
    nulls = exchange("patch", "PATCH", f"{BASE}/x", sent={"restriction": None, "title": None})
    assert reached("patch body.restriction", nulls) == {"null"}
    assert reached("patch body.title", nulls) == {"of another type"}
    broken = exchange("create", "POST", sent={"id": "a.b"})
    assert "breaks the pattern" in reached("create body.id", broken)
    half = exchange("create", "POST", sent=b'{"id": "\\ud800"}')
    assert "breaks the pattern" in reached("create body.id", half)
    flag = exchange("create", "POST", query="sendPasswordResetNotifications=false")
    assert reached("create query.sendPasswordResetNotifications", flag) == {"false"}


@pytest.mark.parametrize("text", ["7" * 5_000, "[" * 900 + "]" * 900, '{"\\ud800": "\\ud800"}'], ids=len)
def test_values_of_any_size_count(text: str) -> None:
    body = f'{{"title": {text}}}'.encode()
    assert "patch body.title: of another type" in of(
        "bounds", exchange("patch", "PATCH", f"{BASE}/x", sent=body)
    )
    assert "get answer.title" in of("answers", exchange("get", "GET", f"{BASE}/x", returned=body))


def test_tenants_are_read_from_the_path() -> None:
    short = of("bounds", exchange("list", "GET", "/customer/ab/customers", status=400))
    assert "list path.tenant: 2 characters, too few" in short
    odd = of("bounds", exchange("list", "GET", "/customer/%C3%A9cole/customers", status=400))
    assert "list path.tenant: breaks the pattern" in odd


def test_a_body_leaves_out_only_what_it_could_have_held() -> None:
    def properties(**how: Any) -> set[str]:
        return of("properties", exchange("patch", "PATCH", f"{BASE}/x", **how))

    assert "patch body.title: left out" in properties(sent={"firstName": "Ada"})
    assert properties() == {"patch body: left out"}
    assert properties(sent=b"{") == set()
    merge = properties(
        sent={"b2b": {"companyRegistrationId": "1"}}, media_type="application/merge-patch+json"
    )
    assert {"patch merge-patch.b2b.companyRegistrationId: sent", "patch merge-patch.title: left out"} <= merge
    assert not [name for name in merge if name.startswith("patch body")]


def test_a_rejected_request_exercises_only_its_status() -> None:
    for status in (401, 403, 429, 500):
        refused = exchange("list", "GET", query="q=id:x", status=status)
        assert of("parameters", refused) == set()
        assert of("statuses", refused) == ({f"list {status}"} if status < 429 else set())


def test_responses_count_properties_with_a_value_in_any_customer() -> None:
    customers = [{"id": "1", "title": None}, {"b2b": {"legalEntities": [{"id": "le"}]}}]
    seen = of("answers", exchange("list", "GET", returned=customers))
    assert seen == {
        "list answer.id",
        "list answer.b2b",
        "list answer.b2b.legalEntities",
        "list answer.b2b.legalEntities[].id",
    }


def test_errors_count_by_shape_and_by_property() -> None:
    refused = exchange(
        "get", "GET", f"{BASE}/x", status=404, returned={"message": "", "details": {"field": "id"}}
    )
    assert of("errors", refused) == {
        "get 404: in its shape",
        "any error.message",
        "any error.details",
        "any error.details[].field",
    }
    fault = {"fault": {"faultstring": "expired", "detail": {"errorcode": "x"}}}
    assert of("errors", exchange("get", "GET", f"{BASE}/x", status=401, returned=fault)) == {
        "get 401: in its shape",
        "any token error.fault",
        "any token error.fault.faultstring",
        "any token error.fault.detail",
        "any token error.fault.detail.errorcode",
    }
    bodies: tuple[Any, ...] = ({}, [], b"no JSON", {"fault": "x"})
    for odd in bodies:
        assert of("errors", exchange("get", "GET", f"{BASE}/x", status=404, returned=odd)) == set()


def test_exchanges_of_no_operation_are_ignored() -> None:
    collector = CoverageCollector()
    collector.observe(exchange("cleanup", "DELETE", f"{BASE}/x", status=202))
    collector.observe(exchange("list", "DELETE", status=405))
    collector.observe(exchange("list", "GET", "/elsewhere", status=404))
    assert [name for each in collector.coverage().values() for name in each.reached] == []


def test_memory_does_not_grow_with_the_number_of_exchanges() -> None:
    collector = CoverageCollector()
    many = [exchange("list", "GET", query=f"q=id:{n}", returned=[{"id": str(n)}]) for n in range(1_000)]
    tracemalloc.start()
    try:
        held = []
        for _ in range(2):
            for each in many:
                collector.observe(each)  # the exchanges keep their parsed JSON from the first time
            gc.collect()
            held.append(tracemalloc.get_traced_memory()[0])
    finally:
        tracemalloc.stop()
    assert held[1] - held[0] < 4_096


def test_runs_add_up() -> None:
    one: Coverage = {"statuses": Points(("list 200",), ("list 400", "get 200"))}
    two: Coverage = {"statuses": Points(("get 200",), ("list 200", "list 400")), "errors": Points((), ("x",))}
    assert added(one, two) == {
        "statuses": Points(("list 200", "get 200"), ("list 400",)),
        "errors": Points((), ("x",)),
    }
    assert added(one, {}) == one
    assert sum(added(one, two).values(), Points()).total == 4
