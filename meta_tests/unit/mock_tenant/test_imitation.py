"""The imitation of a tenant: from the readings, delays, configuration and failures of a report to a mock tenant."""

import asyncio
import json
from pathlib import Path
from random import Random
from typing import Any

import pytest

from meta_tests.effectiveness.variation_packs import packs
from meta_tests.support import mock_server
from meta_tests.support.readings import UNSPECIFIED, expected_readings, produced_readings
from meta_tests.unit.mock_tenant.recorder import TenantRecorder
from mock_tenant import defects as _defects  # noqa: F401 - importing the package registers its defects
from mock_tenant.cli import parser, tenant
from mock_tenant.configuration import Configuration, ConfigurationError
from mock_tenant.constants import OPERATIONS
from mock_tenant.imitation import delays_of, imitate, variations_for
from mock_tenant.readings import DEFAULT_READINGS, NOT_IMITABLE, default_readings
from mock_tenant.registry import DEFECTS, VARIATIONS, RegistryError, compose

READINGS = [(clause, reading) for clause, readings in UNSPECIFIED.items() for reading in readings]
WINDOWS = {"read": 0.0, "index": 1.0, "deletion": 0.0}
CONFIG = {"tenant": {"restrictions": ["DE"], "active_on_creation": None}, "consistency": WINDOWS}


def report(folder: Path, **changes: Any) -> Path:
    """A report of a conforming tenant without readings, with these changes."""
    content = {
        "schema_version": "2.0",
        "target": {"tenant": "acme", "config": CONFIG},
        "clauses": [],
        "delays": {},
        **changes,
    }
    path = folder / "conformance.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def observed(readings: dict[str, set[str]]) -> dict[str, tuple[str, ...]]:
    """The readings as a report has them."""
    return {clause: tuple(sorted(each)) for clause, each in readings.items()}


@pytest.mark.parametrize(("clause", "reading"), READINGS)
def test_every_reading_is_produced_or_declared_not_imitable(clause: str, reading: str) -> None:
    sources = [
        reading in default_readings(clause),
        any(reading in produced_readings(clause, [name]) for name in VARIATIONS),
        (clause, reading) in NOT_IMITABLE,
    ]
    assert sum(sources) == 1, "add the reading to a variation, or to mock_tenant/readings.py"


def test_only_readings_of_the_catalogue_are_declared() -> None:
    assert set(NOT_IMITABLE) <= set(READINGS)
    assert {(c, reading) for c in UNSPECIFIED for reading in default_readings(c)} <= set(READINGS)
    assert {(c, r) for c in UNSPECIFIED for r in produced_readings(c, VARIATIONS)} <= set(READINGS)
    assert len({c for c in UNSPECIFIED if default_readings(c)}) == len(UNSPECIFIED)
    patterns = [
        name for variation in VARIATIONS.values() for name in (*variation.readings, *DEFAULT_READINGS)
    ]
    assert not [
        name for name in patterns if not any(clause.endswith(name.lstrip("*")) for clause in UNSPECIFIED)
    ]


@pytest.mark.parametrize("seed", range(5))
def test_the_imitation_of_a_tenant_with_variations_has_its_readings(seed: int) -> None:
    for pack in packs(seed, size=9):
        readings = expected_readings(pack)
        names, gaps = variations_for(observed(readings))
        assert (expected_readings(names), gaps) == (readings, ()), (pack, names)


@pytest.mark.parametrize("seed", range(20))
def test_the_imitation_follows_readings_that_differ_between_operations(seed: int) -> None:
    random = Random(seed)  # noqa: S311 - not used for security
    readings = expected_readings(())
    for pack in packs(seed, size=20)[:1]:
        limits = [f"{name}:{random.choice(OPERATIONS)}" for name in pack if VARIATIONS[name].readings]
        readings = expected_readings(limits)
    names, gaps = variations_for(observed(readings))
    assert (expected_readings(names), gaps) == (readings, ())


def test_what_cannot_be_imitated_is_named_with_the_reason() -> None:
    _, gaps = variations_for(
        {
            "get.expand.addresses": ("never returned",),
            "patch.null.unsets": ("unset",),
            "patch.null.non-nullable": ("rejected",),
        }
    )
    assert gaps == (
        "get.expand.addresses: never returned (a tenant that does not return addresses on request violates other "
        "clauses too)",
        "patch.null.unsets: unset (no variation produces it together with the other readings)",
    )


def test_a_limited_variation_affects_its_operations_alone() -> None:
    async def scenario(recorder: TenantRecorder) -> list[Any]:
        created = await recorder.request("POST", "", {"id": "one", "shoeSize": 42})
        await recorder.request("PUT", "/two", {"shoeSize": 42})
        await recorder.request("PATCH", "/one", {"shoeSize": 42})
        return [created["id"], *(entry[2] for entry in recorder.transcript)]

    behaviour, _ = compose([], ["strict-properties:upsert,patch"])
    assert asyncio.run(scenario(TenantRecorder((behaviour,)))) == ["one", 201, 400, 400]


def test_the_limits_of_one_variation_add_up() -> None:
    behaviour, _ = compose([], ["strict-properties:create", "strict-properties:patch"])
    recorder = TenantRecorder((behaviour,))
    for method, path in (("POST", ""), ("PUT", "/one"), ("PATCH", "/one")):
        asyncio.run(recorder.request(method, path, {"shoeSize": 42}))
    assert [entry[2] for entry in recorder.transcript] == [400, 201, 400]


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("strict-properties:put", "There is no operation 'put'; use list, create, search, get"),
        ("crowded:list", "The variation crowded cannot be limited to operations; use its name alone."),
    ],
)
def test_a_limit_that_is_impossible_is_rejected_in_one_sentence(name: str, sentence: str) -> None:
    with pytest.raises(RegistryError, match=sentence):
        compose([], [name])


def test_late_changes_are_imitated_with_the_median_delay(tmp_path: Path) -> None:
    late = [[0.0, 90], [0.2, 1], [0.4, 5], [2.0, 1]]
    seen = {"index": {"seen": late}, "read": {"seen": [[0.0, 5]]}, "deletion": {"seen": late}}
    assert delays_of(seen, Configuration(deletion=0.0)) == {"index": 0.4}
    assert delays_of(seen, Configuration(deletion=9.0)) == {"index": 0.4, "deletion": 0.4}
    options = parser().parse_args(["--like", str(report(tmp_path, delays=seen))])
    behaviour, imitation = tenant(options)
    assert imitation is not None
    assert imitation.variations == ("eventual-lists",)
    assert behaviour.configuration.index == 1.0
    assert behaviour.delay("index") == 0.4  # type: ignore[attr-defined] # a method of the variation
    assert behaviour.delay("index", "read") == 0.0  # type: ignore[attr-defined] # a window that is closed


def test_the_configuration_is_that_of_the_report(tmp_path: Path) -> None:
    seeded = {"tenant": "acme", "config": CONFIG | {"mock": {"defects": ["list-ignores-q"]}}}
    configuration = imitate(report(tmp_path, target=seeded)).configuration
    assert configuration.restrictions == ("DE",)
    assert configuration.active_on_creation is True
    assert configuration.index == 1.0


def test_each_failed_clause_is_violated_by_one_defect_if_requested(tmp_path: Path) -> None:
    clauses = [
        {"id": "create.company.round-trip", "verdict": "fail"},
        {"id": "delete.gone.get", "verdict": "known"},
        {"id": "create.nothing", "verdict": "fail"},
        {"id": "get.status.ok", "verdict": "pass"},
    ]
    path = report(tmp_path, clauses=clauses)
    assert imitate(path).defects == ()
    imitation = imitate(path, with_defects=True)
    assert [DEFECTS[name].clause for name in imitation.defects] == [
        "create.company.round-trip",
        "delete.gone.get",
    ]
    assert imitation.gaps == ("create.nothing: fails (no seeded defect violates it)",)


def test_the_ready_line_names_what_is_imitated(tmp_path: Path) -> None:
    clauses = [{"id": "upsert.update.omitted", "verdict": "observed", "reading": "kept"}]
    with mock_server.running("--like", str(report(tmp_path, clauses=clauses))) as ready:
        assert ready["imitation"] == {"variations": ["upsert-merges"], "defects": [], "not_imitated": []}
        assert ready["tenant_config"]["tenant"]["restrictions"] == ["DE"]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, r"cannot be read \(No such file or directory\); name a readable file"),
        ("{", "is not JSON; name the conformance.json of a run"),
        ("[]", "is not a report of schema version 2.x; name the conformance.json of a run"),
        ('{"schema_version": "1.1"}', "is not a report of schema version 2.x"),
        (
            '{"schema_version": "2.0", "clauses": [1]}',
            "is not a complete conformance.json; run the suite again",
        ),
    ],
)
def test_a_report_that_cannot_be_used_is_rejected_in_one_sentence(
    tmp_path: Path, content: str | None, sentence: str
) -> None:
    path = tmp_path / "conformance.json"
    if content is not None:
        path.write_text(content, encoding="utf-8")
    with pytest.raises(ConfigurationError, match=sentence):
        imitate(path)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--with-defects"], "--with-defects needs --like"),
        (["--like", "a.json", "--tenant-config", "b.toml"], "--like and --tenant-config exclude each other"),
    ],
)
def test_options_that_contradict_each_other_are_rejected(arguments: list[str], sentence: str) -> None:
    with pytest.raises(ConfigurationError, match=sentence):
        tenant(parser().parse_args(arguments))
