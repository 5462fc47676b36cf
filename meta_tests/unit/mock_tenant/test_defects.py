"""Every seeded defect names a clause; every conforming variation is observable and conforms."""

import asyncio
import itertools
import re
import time
from functools import cache
from typing import Any

import pytest

from meta_tests.unit.mock_tenant.recorder import TenantRecorder, TranscriptMismatch
from meta_tests.unit.mock_tenant.scenarios import SCENARIOS
from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant import variations as _variations  # noqa: F401 - importing the package registers its variations
from mock_tenant.registry import (
    DEFECTS,
    VARIATIONS,
    RegistryError,
    compose,
    kebab_case,
    register_defect,
)
from spec import clauses


def record(scenario: str, tenant_config: tuple[tuple[str, Any], ...] = ()) -> list[Any]:
    """The transcript of a conforming tenant in a scenario."""
    tenant = TenantRecorder(tenant_config=dict(tenant_config))
    asyncio.run(SCENARIOS[scenario](tenant))
    return tenant.transcript


reference_transcript = cache(record)


def matches_reference(tenant: TenantRecorder, scenario: str) -> bool:
    """Whether the tenant runs a scenario without a mismatch. An error inside the mock fails the test."""
    try:
        asyncio.run(SCENARIOS[scenario](tenant))
    except TranscriptMismatch:
        return False
    finally:
        assert not [
            entry for entry in tenant.transcript if "Internal error of the mock tenant" in str(entry[-1])
        ]
    return True


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_conforming_tenant_is_deterministic_and_never_returns_5xx(scenario: str) -> None:
    reference = reference_transcript(scenario)
    assert reference == record(scenario)
    assert not [entry for entry in reference if entry[0] != "mixed" and entry[2] >= 500]


def test_every_defect_has_a_name_and_a_unique_description() -> None:
    for defect in DEFECTS.values():
        assert re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", defect.name), defect.name
        assert re.fullmatch(r"[A-Z].*\.", defect.description), defect.name
    descriptions = [defect.description for defect in DEFECTS.values()]
    assert len(descriptions) == len(set(descriptions))


def test_every_defect_violates_an_existing_clause() -> None:
    assert {defect.clause for defect in DEFECTS.values()} - set(clauses()) == set()


def test_defects_and_variations_are_composed_with_their_configuration() -> None:
    behaviour, tenant_config = compose(["create-answers-200-for-201"], ["recreation", "slow"])
    assert tenant_config == {"recreate_deleted": True}
    bases = [base.__name__ for base in behaviour.__mro__]
    order = [bases.index(name) for name in ("WrongSuccessStatus", "Recreation", "Slow", "Behaviour")]
    assert order == sorted(order)


def test_a_defect_is_composed_with_the_variations_that_it_requires() -> None:
    behaviour, _ = compose(["list-returns-50-by-default"], [])
    assert "Crowded" in [base.__name__ for base in behaviour.__mro__]


@pytest.mark.parametrize(
    ("defect_names", "variation_names", "sentence"),
    [
        (["nonsense"], [], "There is no defect named nonsense; --list shows their names."),
        ([], ["nonsense"], "There is no variation named nonsense; --list shows their names."),
    ],
)
def test_an_unknown_name_is_rejected_in_one_sentence(
    defect_names: list[str], variation_names: list[str], sentence: str
) -> None:
    with pytest.raises(RegistryError, match=f"^{re.escape(sentence)}$"):
        compose(defect_names, variation_names)


def test_a_second_defect_with_the_same_name_is_rejected() -> None:
    existing = next(iter(DEFECTS.values()))
    with pytest.raises(RegistryError, match=existing.name):
        register_defect(
            existing.clause, existing.behaviour, name=existing.name, description=existing.description
        )


@pytest.mark.parametrize(
    ("class_name", "name"), [("CreateAnswers200", "create-answers-200"), ("DropsB2B", "drops-b-2-b")]
)
def test_names_are_derived_from_class_names(class_name: str, name: str) -> None:
    assert kebab_case(class_name) == name


ONLY_SLOWER = {"slow", "uneven"}
"""Variations that change no response."""


@pytest.mark.parametrize("name", sorted(set(VARIATIONS) - ONLY_SLOWER))
def test_every_variation_is_observable_and_raises_no_error(name: str) -> None:
    variation = VARIATIONS[name]
    assert not all(
        matches_reference(
            TenantRecorder((variation.behaviour,), variation.tenant_config, reference_transcript(scenario)),
            scenario,
        )
        for scenario in SCENARIOS
    )
    assert matches_reference(TenantRecorder((variation.behaviour,), variation.tenant_config), "upserts")


@pytest.mark.parametrize("name", sorted(ONLY_SLOWER))
def test_a_slow_tenant_returns_the_same_responses_later(name: str) -> None:
    tenant = TenantRecorder((VARIATIONS[name].behaviour,))
    started = time.monotonic()
    asyncio.run(SCENARIOS["default_values"](tenant))
    assert tenant.transcript == reference_transcript("default_values")
    assert time.monotonic() - started > 0.02


def test_pairs_of_variations_raise_no_error() -> None:
    for pair in itertools.pairwise(sorted(set(VARIATIONS) - ONLY_SLOWER)):
        behaviour, tenant_config = compose([], pair)
        assert matches_reference(TenantRecorder((behaviour,), tenant_config), "conflicts")
