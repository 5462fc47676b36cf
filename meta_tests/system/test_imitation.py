"""A run on the imitation of a tenant observes what a run on the tenant observed, and fails where that one failed."""

import json
from pathlib import Path

import pytest

from meta_tests.support.imitations import changed_readings, options_for, run_on_mock
from meta_tests.support.readings import UNSPECIFIED
from reporting import read

OBSERVED = [f"--clause={name}" for name in UNSPECIFIED]
"""Selects the tests that observe."""


@pytest.mark.parametrize(
    "variations",
    [
        ("upsert-merges", "strict-properties:create,patch", "colons-do-not-separate:search"),
        (
            "late-reads",
            "null-unsets-in-patch",
            "accounts-never-show:list",
            "flags-count-in-create",
            "recreation",
        ),
    ],
    ids=" + ".join,
)
def test_a_run_on_the_imitation_observes_the_same(tmp_path: Path, variations: tuple[str, ...]) -> None:
    original = run_on_mock(tmp_path / "original", options_for(variations), OBSERVED)
    report = original.folder / "conformance.json"

    imitated = run_on_mock(tmp_path / "imitation", ["--like", str(report)], OBSERVED)

    assert (original.code, imitated.code) == (0, 0), imitated.output
    assert changed_readings(report, imitated.folder / "conformance.json") == []
    assert len(read(report).select("observed")) == len(UNSPECIFIED)
    description = json.loads((tmp_path / "imitation" / "ready.json").read_text(encoding="utf-8"))["imitation"]
    assert set(description["variations"]) == set(variations) - {"recreation"}  # that is configuration
    assert description["not_imitated"] == []


def test_a_clause_that_fails_also_fails_on_the_imitation(tmp_path: Path) -> None:
    clause = ["--clause=delete.no-revival.patch"]
    original = run_on_mock(
        tmp_path / "original", options_for((), ["patch-restores-deleted-customers"]), clause
    )
    report = original.folder / "conformance.json"

    imitated = run_on_mock(tmp_path / "imitation", ["--like", str(report), "--with-defects"], clause)
    conforming = run_on_mock(tmp_path / "conforming", ["--like", str(report)], clause)

    assert (original.code, imitated.code, conforming.code) == (1, 1, 0), imitated.output
    assert [each.id for each in read(imitated.folder / "conformance.json").failing()] == [
        each.id for each in read(report).failing()
    ]
