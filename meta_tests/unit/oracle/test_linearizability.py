"""Concurrent histories, and what the oracle may import."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import oracle
from meta_tests.support.oracle_samples import RULES, Tenant, operations
from oracle import Create, Delete, Event, Get, ModelState, Operation, Patch, Upsert
from oracle.operations.transitions import continuations

NOTHING = ...
BODY = {"id": "one", "title": "Dr", "firstName": "Ada"}


def started() -> tuple[Tenant, ModelState]:
    tenant = Tenant()
    return tenant, oracle.judge(ModelState(), Create(BODY), *tenant.answer(Create(BODY)), RULES)


def customer(**changes: Any) -> dict[str, Any]:
    return {**started()[0].answer(Get("one"))[1], **changes}


@given(st.lists(operations(), max_size=5), st.data())
def test_every_history_with_an_order_is_accepted(steps: list[Operation], data: st.DataObject) -> None:
    """Each operation takes effect at its whole number; calls and answers lie anywhere around it."""
    tenant, history = Tenant(), []
    for moment, step in enumerate(steps):
        early, late = data.draw(st.tuples(*[st.floats(0, 2, width=16)] * 2))
        history.append(Event(step, *tenant.answer(step), moment - early, moment + late))
    order = oracle.linearizable(data.draw(st.permutations(history)), ModelState(), RULES)
    assert order is not None
    assert len(order) == len(history)


def test_a_lost_update_has_no_order() -> None:
    _, world = started()
    history = [
        Event(Patch("one", {"title": "Mr"}), 200, NOTHING, 0.0, 0.4),
        Event(Patch("one", {"firstName": "Bob"}), 200, NOTHING, 0.1, 0.5),
        Event(Get("one"), 200, customer(firstName="Bob"), 0.6, 0.7),
    ]
    assert oracle.linearizable(history, world, RULES) is None
    both = [*history[:2], Event(Get("one"), 200, customer(firstName="Bob", title="Mr"), 0.6, 0.7)]
    assert oracle.linearizable(both, world, RULES) is not None


def test_the_order_keeps_to_real_time() -> None:
    _, world = started()
    patch = Event(Patch("one", {"title": "Mr"}), 200, NOTHING, 0.0, 1.0)
    stale = Event(Get("one"), 200, customer(), 2.0, 3.0)
    assert oracle.linearizable([patch, stale], world, RULES) is None
    during = Event(Get("one"), 200, customer(), 0.5, 3.0)
    assert oracle.linearizable([patch, during], world, RULES) == (during, patch)


@pytest.mark.parametrize(
    ("one", "other", "fine"),
    [
        ((Create({"id": "x"}), 201, {"id": "x"}), (Create({"id": "x"}), 409, {}), True),
        ((Create({"id": "x"}), 201, {"id": "x"}), (Create({"id": "x"}), 201, {"id": "x"}), False),
        ((Create({"id": "x"}), 409, {}), (Create({"id": "x"}), 409, {}), False),
        ((Upsert("x", {}), 201, {"id": "x"}), (Upsert("x", {}), 204, NOTHING), True),
        ((Upsert("x", {}), 201, {"id": "x"}), (Upsert("x", {}), 201, {"id": "x"}), False),
        ((Delete("one"), 202, NOTHING), (Patch("one", {"title": "a"}), 404, {}), True),
        ((Delete("one"), 202, NOTHING), (Patch("one", {"title": "a"}), 200, NOTHING), True),
        ((Delete("one"), 202, NOTHING), (Delete("one"), 202, NOTHING), False),
        ((Delete("one"), 202, NOTHING), (Delete("one"), 404, {}), True),
    ],
)
def test_pairs_of_concurrent_operations(one: Any, other: Any, fine: bool) -> None:
    _, world = started()
    history = [Event(*one, 0.0, 1.0), Event(*other, 0.0, 1.0)]
    assert (oracle.linearizable(history, world, RULES) is not None) is fine


def test_a_lagging_deletion_explains_what_an_instant_one_does_not() -> None:
    _, world = started()
    history = [
        Event(Delete("one"), 202, NOTHING, 0.0, 1.0),
        Event(Get("one"), 200, customer(), 2.0, 3.0),
    ]
    assert oracle.linearizable(history, world, RULES) is None
    assert oracle.linearizable(history, world, RULES, deletion_may_lag=True) is not None


def test_the_smallest_bad_history_keeps_the_read_that_proves_it() -> None:
    _, world = started()
    before = Event(Get("one"), 200, customer(), 0.0, 0.1)
    proof = Event(Get("one"), 200, customer(), 0.6, 0.7)
    patch = Event(Patch("one", {"title": "Mr"}), 200, NOTHING, 0.2, 0.5)
    assert oracle.smallest_bad([before, patch, proof, before], world, RULES) == (patch, proof)
    assert oracle.smallest_bad([before, patch], world, RULES) == (before, patch)


def test_eight_concurrent_patches_are_searched_quickly_and_nine_are_refused(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """7 patches in any order leave 7 · 2^7 configurations at most, each followed by up to 8 operations."""
    tried = []

    def counted(*given: Any, **how: Any) -> Any:
        tried.append(given)
        return continuations(*given, **how)

    monkeypatch.setattr("oracle.operations.linearizability.continuations", counted)
    _, world = started()
    patches = [Event(Patch("one", {"title": str(n)}), 200, NOTHING, 0.0, 1.0) for n in range(7)]
    impossible = Event(Get("one"), 200, customer(title="never"), 0.0, 1.0)
    assert oracle.linearizable([*patches, impossible], world, RULES) is None
    assert len(tried) < 7 * 2**7 * 8
    with pytest.raises(ValueError, match="8 operations at most"):
        oracle.linearizable([*patches, impossible, impossible], world, RULES)


def test_a_timeline_shows_who_overlaps_whom() -> None:
    text = oracle.timeline([
        Event(Delete("one"), 202, NOTHING, 10.02, 10.04),
        Event(Patch("one", {"title": "x"}), 200, NOTHING, 10.0, 10.02),
    ])  # fmt: skip
    first, second, scale = text.splitlines()
    assert first.endswith('patch one {"title": "x"} -> 200')
    assert second.endswith("delete one -> 202")
    assert first.index("|") == 1
    assert second.index("|") == first.index("|", 2)
    assert scale.strip().endswith("40 ms")
    assert oracle.timeline([]) == "(no operations)"


def test_the_oracle_imports_no_client_and_nothing_of_the_mock() -> None:
    forbidden = (
        "httpx", "requests", "urllib3", "http.client", "starlette", "uvicorn", "mock_tenant", "strategies",
        "tenant", "reporting", "hypothesis",
    )  # fmt: skip
    program = f"import sys, oracle; print([name for name in {forbidden!r} if name in sys.modules])"
    root = Path(oracle.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_second_delete_that_finds_nobody_does_not_end_the_time_in_which_get_may() -> None:
    _, world = started()
    history = [
        Event(Delete("one"), 202, NOTHING, 0.0, 0.1),
        Event(Delete("one"), 404, {}, 0.2, 0.3),
        Event(Get("one"), 200, customer(), 0.4, 0.5),
    ]
    assert oracle.linearizable(history, world, RULES, deletion_may_lag=True) is not None
    assert oracle.linearizable(history, world, RULES) is None
    seen_gone = [history[0], Event(Get("one"), 404, {}, 0.2, 0.3), history[2]]
    assert oracle.linearizable(seen_gone, world, RULES, deletion_may_lag=True) is None
