"""Concurrent histories, and the imports of the oracle."""

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
from oracle.operations.judgement import successors
from spec import ABSENT

BODY = {"id": "one", "title": "Dr", "firstName": "Ada"}


def started() -> tuple[Tenant, ModelState]:
    tenant = Tenant()
    return tenant, oracle.judge(ModelState(), Create(BODY), *tenant.answer(Create(BODY)), RULES).state


def customer(**changes: Any) -> dict[str, Any]:
    return {**started()[0].answer(Get("one"))[1], **changes}


@given(st.lists(operations(), max_size=5), st.data())
def test_every_history_with_an_order_is_accepted(steps: list[Operation], data: st.DataObject) -> None:
    """Each operation takes effect at an integer time; request and response are at any times around it."""
    tenant, history = Tenant(), []
    for moment, step in enumerate(steps):
        early, late = data.draw(st.tuples(*[st.floats(0, 2, width=16)] * 2))
        history.append(Event(step, *tenant.answer(step), moment - early, moment + late))
    order = oracle.linearization(data.draw(st.permutations(history)), ModelState(), RULES)
    assert order is not None
    assert len(order) == len(history)


def test_a_lost_update_has_no_order() -> None:
    _, state = started()
    history = [
        Event(Patch("one", {"title": "Mr"}), 200, ABSENT, 0.0, 0.4),
        Event(Patch("one", {"firstName": "Bob"}), 200, ABSENT, 0.1, 0.5),
        Event(Get("one"), 200, customer(firstName="Bob"), 0.6, 0.7),
    ]
    assert oracle.linearization(history, state, RULES) is None
    both = [*history[:2], Event(Get("one"), 200, customer(firstName="Bob", title="Mr"), 0.6, 0.7)]
    assert oracle.linearization(both, state, RULES) is not None


def test_the_order_respects_real_time() -> None:
    _, state = started()
    patch = Event(Patch("one", {"title": "Mr"}), 200, ABSENT, 0.0, 1.0)
    stale = Event(Get("one"), 200, customer(), 2.0, 3.0)
    assert oracle.linearization([patch, stale], state, RULES) is None
    during = Event(Get("one"), 200, customer(), 0.5, 3.0)
    assert oracle.linearization([patch, during], state, RULES) == (during, patch)


@pytest.mark.parametrize(
    ("one", "other", "fine"),
    [
        ((Create({"id": "x"}), 201, {"id": "x"}), (Create({"id": "x"}), 409, {}), True),
        ((Create({"id": "x"}), 201, {"id": "x"}), (Create({"id": "x"}), 201, {"id": "x"}), False),
        ((Create({"id": "x"}), 409, {}), (Create({"id": "x"}), 409, {}), False),
        ((Upsert("x", {}), 201, {"id": "x"}), (Upsert("x", {}), 204, ABSENT), True),
        ((Upsert("x", {}), 201, {"id": "x"}), (Upsert("x", {}), 201, {"id": "x"}), False),
        ((Delete("one"), 202, ABSENT), (Patch("one", {"title": "a"}), 404, {}), True),
        ((Delete("one"), 202, ABSENT), (Patch("one", {"title": "a"}), 200, ABSENT), True),
        ((Delete("one"), 202, ABSENT), (Delete("one"), 202, ABSENT), False),
        ((Delete("one"), 202, ABSENT), (Delete("one"), 404, {}), True),
    ],
)
def test_pairs_of_concurrent_operations(one: Any, other: Any, fine: bool) -> None:
    _, state = started()
    history = [Event(operation, status, body, 0.0, 1.0) for operation, status, body in (one, other)]
    assert (oracle.linearization(history, state, RULES) is not None) is fine


def test_a_lagging_deletion_explains_what_an_instant_one_does_not() -> None:
    _, state = started()
    history = [
        Event(Delete("one"), 202, ABSENT, 0.0, 1.0),
        Event(Get("one"), 200, customer(), 2.0, 3.0),
    ]
    assert oracle.linearization(history, state, RULES) is None
    assert oracle.linearization(history, state, RULES, deletion_may_lag=True) is not None


def test_a_minimal_counterexample_keeps_the_read_that_contradicts_the_writes() -> None:
    _, state = started()
    before = Event(Get("one"), 200, customer(), 0.0, 0.1)
    proof = Event(Get("one"), 200, customer(), 0.6, 0.7)
    patch = Event(Patch("one", {"title": "Mr"}), 200, ABSENT, 0.2, 0.5)
    assert oracle.minimal_counterexample([before, patch, proof, before], state, RULES) == (patch, proof)
    assert oracle.minimal_counterexample([before, patch], state, RULES) == (before, patch)


def test_eight_concurrent_patches_are_searched_quickly_and_nine_are_rejected(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """7 patches in any order leave 7 · 2^7 configurations at most, each followed by up to 8 operations."""
    tried = []

    def counted(*given: Any, **how: Any) -> Any:
        tried.append(given)
        return successors(*given, **how)

    monkeypatch.setattr("oracle.operations.linearizability.successors", counted)
    _, state = started()
    patches = [Event(Patch("one", {"title": str(n)}), 200, ABSENT, 0.0, 1.0) for n in range(7)]
    impossible = Event(Get("one"), 200, customer(title="never"), 0.0, 1.0)
    assert oracle.linearization([*patches, impossible], state, RULES) is None
    assert len(tried) < 7 * 2**7 * 8
    with pytest.raises(ValueError, match="8 operations at most"):
        oracle.linearization([*patches, impossible, impossible], state, RULES)


def test_a_timeline_shows_which_operations_overlap() -> None:
    text = oracle.timeline([
        Event(Delete("one"), 202, ABSENT, 10.02, 10.04),
        Event(Patch("one", {"title": "x"}), 200, ABSENT, 10.0, 10.02),
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
        "client", "harness", "reporting", "hypothesis",
    )  # fmt: skip
    program = f"import sys, oracle; print([name for name in {forbidden!r} if name in sys.modules])"
    root = Path(oracle.__file__).parent.parent
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=root, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_404_of_a_second_delete_leaves_the_deletion_pending_for_get() -> None:
    _, state = started()
    history = [
        Event(Delete("one"), 202, ABSENT, 0.0, 0.1),
        Event(Delete("one"), 404, {}, 0.2, 0.3),
        Event(Get("one"), 200, customer(), 0.4, 0.5),
    ]
    assert oracle.linearization(history, state, RULES, deletion_may_lag=True) is not None
    assert oracle.linearization(history, state, RULES) is None
    confirmed_gone = [history[0], Event(Get("one"), 404, {}, 0.2, 0.3), history[2]]
    assert oracle.linearization(confirmed_gone, state, RULES, deletion_may_lag=True) is None
