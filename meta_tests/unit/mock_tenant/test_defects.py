"""Every planted defect says what it breaks, and can be heard in what the tenant answers."""

import asyncio
import itertools
import re
import time
from functools import cache
from typing import Any

import pytest

from meta_tests.unit.mock_tenant.scenes import HeardError, Stage
from meta_tests.unit.mock_tenant.transcripts import SCENES, order
from mock_tenant import defects, variations
from mock_tenant.registry import DEFECTS, VARIATIONS, Defect, PlantingError, compose, kebab, plant
from spec import clauses

OPERATIONS = sorted({planted.clause.partition(".")[0] for planted in DEFECTS.values()})
assert defects
assert variations


@cache
def truth(scene: str, tenant_config: tuple[tuple[str, Any], ...] = ()) -> list[Any]:
    """What a faithful tenant answers in a scene."""
    stage = Stage(tenant_config=dict(tenant_config))
    asyncio.run(SCENES[scene](stage))
    return stage.transcript


def plays(stage: Stage, scene: str) -> bool:
    """Whether a scene goes to its end as expected; nothing in the tenant itself may break on the way."""
    try:
        asyncio.run(SCENES[scene](stage))
    except HeardError:
        return False
    finally:
        assert not [entry for entry in stage.transcript if "itself is broken" in str(entry[-1])]
    return True


def heard(planted: Defect, scene: str) -> bool:
    """Whether a defect can be told from a faithful tenant in a scene."""
    expected = truth(scene, tuple(planted.tenant_config.items()))
    return not plays(Stage((planted.behaviour,), planted.tenant_config, against=expected), scene)


@pytest.mark.parametrize("scene", SCENES)
def test_a_faithful_tenant_answers_the_same_twice_and_never_5xx(scene: str) -> None:
    assert truth(scene) == truth.__wrapped__(scene)
    assert not [entry for entry in truth(scene) if entry[0] != "mixed" and entry[2] >= 500]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_every_defect_can_be_heard(operation: str) -> None:
    mine = [planted for planted in DEFECTS.values() if planted.clause.partition(".")[0] == operation]
    silent = [planted.name for planted in mine if not any(heard(planted, s) for s in order(planted.clause))]
    assert silent == []


def test_every_defect_says_which_lie_it_tells() -> None:
    for planted in DEFECTS.values():
        assert re.fullmatch(r"[A-Za-z0-9]+(-[A-Za-z0-9]+)*", planted.name), planted.name
        assert re.fullmatch(r"[A-Z].*\.", planted.lie), planted.name
    lies = [planted.lie for planted in DEFECTS.values()]
    assert len(lies) == len(set(lies))


def test_every_defect_breaks_a_clause_that_exists() -> None:
    assert {planted.clause for planted in DEFECTS.values()} - set(clauses()) == set()


def test_there_are_at_least_120_defects_and_one_for_every_operation() -> None:
    assert len(DEFECTS) >= 120
    assert {"list", "create", "search", "get", "upsert", "patch", "delete"} <= set(OPERATIONS)


def test_defects_and_variations_compose_with_what_they_need() -> None:
    behaviour, tenant_config = compose(["create-answers-200-for-201"], ["recreation", "slow"])
    assert tenant_config == {"recreate_deleted": True}
    names = [part.__name__ for part in behaviour.__mro__]
    assert names.index("Swapped") < names.index("Recreation") < names.index("Slow") < names.index("Behaviour")


@pytest.mark.parametrize(
    ("defect_names", "variation_names", "sentence"),
    [
        (["nonsense"], [], "There is no defect named nonsense; --list shows their names."),
        ([], ["nonsense"], "There is no variation named nonsense; --list shows their names."),
    ],
)
def test_an_unknown_name_is_refused_in_one_sentence(
    defect_names: list[str], variation_names: list[str], sentence: str
) -> None:
    with pytest.raises(PlantingError, match=f"^{re.escape(sentence)}$"):
        compose(defect_names, variation_names)


def test_two_defects_of_one_name_are_refused() -> None:
    taken = next(iter(DEFECTS.values()))
    with pytest.raises(PlantingError, match=taken.name):
        plant(taken.clause, taken.behaviour, name=taken.name, lie=taken.lie)


@pytest.mark.parametrize(
    ("name", "words"), [("CreateAnswers200", "create-answers-200"), ("EverybodyIsB2B", "everybody-is-b-2-b")]
)
def test_names_are_made_of_class_names(name: str, words: str) -> None:
    assert kebab(name) == words


UNHEARD = {"slow", "uneven"}
QUICK = [
    "wondering",
    "conflicts",
    "upserting",
    "patching",
    "refusing",
    "querying",
    "reading",
    "tokens",
    "listing",
]


@pytest.mark.parametrize("name", sorted(set(VARIATIONS) - UNHEARD))
def test_every_variation_varies_something_and_breaks_nothing(name: str) -> None:
    varied = VARIATIONS[name]
    stages = (
        (Stage((varied.behaviour,), varied.tenant_config, against=truth(scene)), scene) for scene in QUICK
    )
    assert not all(plays(stage, scene) for stage, scene in stages)
    assert plays(Stage((varied.behaviour,), varied.tenant_config), "upserting")


@pytest.mark.parametrize("name", sorted(UNHEARD))
def test_a_slow_tenant_answers_the_same_later(name: str) -> None:
    stage = Stage((VARIATIONS[name].behaviour,))
    begin = time.monotonic()
    asyncio.run(SCENES["defaults"](stage))
    assert stage.transcript == truth("defaults")
    assert time.monotonic() - begin > 0.02


def test_no_two_variations_fall_over_each_other() -> None:
    for one, other in itertools.pairwise(sorted(set(VARIATIONS) - UNHEARD)):
        behaviour, tenant_config = compose([], [one, other])
        assert plays(Stage((behaviour,), tenant_config), "conflicts")
