"""Comparison of two reports, and the merge of the shards of a run."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from meta_tests.unit.reporting.test_samples import sample_report, status_failure
from reporting import Deviation, Evidence, Failure, Report, read, write, write_json
from reporting.compare import changes
from reporting.compare import main as compare
from reporting.formats.json_file import document
from reporting.merge import main as merge
from reporting.model.report import ClauseVerdict, Verdict
from reporting.verdicts.aggregate import NOT_SELECTED

WAY = status_failure(201, 400, about="67 characters")
OTHER = status_failure(500, 400)
NOT_COVERED = {"reason": NOT_SELECTED, "reason_code": "not-selected"}


def clause(name: str, verdict: Verdict = "pass", *failures: Failure, **more: Any) -> ClauseVerdict:
    return ClauseVerdict(
        name, more.pop("level", "must"), "get", "It is.", "published", verdict, failures=failures, **more
    )


def report(*clauses: ClauseVerdict, **changed: Any) -> Report:
    return replace(sample_report([], left=0), clauses=clauses, **changed)


def saved(folder: Path, *clauses: ClauseVerdict, **changed: Any) -> Path:
    return write_json(report(*clauses, **changed), folder)


@pytest.mark.parametrize(
    ("old", "new", "kind", "detail", "code"),
    [
        (clause("a.b"), clause("a.b", "fail", WAY), "newly failing", "201", 1),
        (clause("a.b", "not_assessed"), clause("a.b", "fail", WAY), "newly failing", "201", 1),
        (clause("a.b", "known", WAY), clause("a.b", "fail", WAY), "newly failing", "accepted before", 1),
        (
            clause("a.b", "fail", WAY),
            clause("a.b", "fail", WAY, OTHER),
            "newly failing",
            "another way: expected 400, actual 500",
            1,
        ),
        (None, clause("a.b", "fail", WAY, level="should"), "newly failing", "201", 1),
        (clause("a.b", "fail", WAY), clause("a.b"), "fixed", "It is.", 0),
        (clause("a.b", "known", WAY), clause("a.b"), "fixed", "It is.", 0),
        (clause("a.b", "skipped"), clause("a.b"), "newly assessed", "passes", 0),
        (None, clause("a.b", "observed", reading="404"), "newly assessed", "observed, 404", 0),
        (
            clause("a.b"),
            clause("a.b", "error", reason="no response"),
            "lost evidence",
            "now error: no response",
            0,
        ),
        (clause("a.b"), None, "lost evidence", "the clause is no longer in the catalogue", 0),
        (
            clause("a.b", evidence=Evidence(9, 9, frozenset({"length 66", "null"}))),
            clause("a.b", evidence=Evidence(9, 9, frozenset({"null"}))),
            "lost evidence",
            "no longer reached: length 66",
            0,
        ),
        (
            clause("a.b", "observed", reading="204; 404", level="unspecified"),
            clause("a.b", "observed", reading="400", level="unspecified"),
            "changed reading",
            "400; before: 204; 404",
            0,
        ),
    ],
)
def test_each_change_is_one_line(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    old: ClauseVerdict | None,
    new: ClauseVerdict | None,
    kind: str,
    detail: str,
    code: int,
) -> None:
    one = saved(tmp_path / "old", *([old] if old else []))
    other = saved(tmp_path / "new", *([new] if new else []))
    assert compare([str(one), str(other)]) == code
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert f"{kind}: a.b" in lines[0]
    assert detail in lines[0]
    assert lines[1] == f"1 {kind}."
    assert compare([str(one), str(other), "--json"]) == code
    document = json.loads(capsys.readouterr().out)
    assert [change["kind"] for change in document["changes"]] == [kind]
    assert document["regression"] == (code == 1)
    assert compare([str(one), str(other), "--markdown"]) == code
    assert "| `a.b` |" in capsys.readouterr().out


def test_equal_readings_and_signatures_are_no_change() -> None:
    old = clause("a.b", "observed", reading="204; 404"), clause("a.c", "fail", WAY)
    new = (
        clause("a.b", "observed", reading="404; 204"),
        clause("a.c", "fail", replace(WAY, actual="201 {}")),
    )
    assert changes(report(*old), report(*new)) == []


def test_a_report_of_an_older_schema_can_be_compared(tmp_path: Path) -> None:
    older = document(report(clause("a.b", "fail", WAY))) | {"schema_version": "1.1"}
    for key in ("mismatch", "decisive"):
        older["clauses"][0]["failures"][0].pop(key, None)
    path = tmp_path / "old.json"
    path.write_text(json.dumps(older), encoding="utf-8")
    assert compare([str(path), str(saved(tmp_path, clause("a.b", "fail", WAY)))]) == 0
    assert compare([str(path), str(saved(tmp_path, clause("a.b", "fail", OTHER)))]) == 1


@pytest.mark.parametrize("command", [compare, merge])
@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda text: text[: len(text) // 2], "is not complete JSON"),
        (lambda _: '{"tests": 3}', "is not a conformance report"),
        (
            lambda text: text.replace('"schema_version": "2.1"', '"schema_version": "7.0"'),
            "schema version '7.0'",
        ),
        (lambda text: text.replace("mockone", "mocktwo"), "mocktwo"),
        (None, "cannot be read"),
    ],
    ids=["truncated", "foreign", "newer", "another tenant", "missing"],
)
def test_unusable_reports_are_rejected_with_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], command: Any, spoil: Any, sentence: str
) -> None:
    good = saved(tmp_path / "good", clause("a.b"))
    bad = tmp_path / "bad.json"
    if spoil is not None:
        bad.write_text(spoil(good.read_text(encoding="utf-8")), encoding="utf-8")
    options = ["--output", str(tmp_path / "out")] if command is merge else []
    assert command([str(good), str(bad), *options]) == 4
    captured = capsys.readouterr()
    assert sentence in captured.err
    assert captured.err.count("\n") == 1
    assert not captured.out
    assert not (tmp_path / "out").exists()


def test_the_embedded_tenant_may_have_another_port_and_a_live_one_may_not(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = sample_report([]).target
    moved = replace(target, api_url="http://127.0.0.1:9")
    one, other = saved(tmp_path / "1", clause("a.b")), saved(tmp_path / "2", clause("a.b"), target=moved)
    assert compare([str(one), str(other)]) == 0
    live = [replace(each, kind="live") for each in (target, moved)]
    one, other = (saved(tmp_path / f"{n}", clause("a.b"), target=each) for n, each in enumerate(live))
    assert compare([str(one), str(other)]) == 4
    assert "name reports of one tenant" in capsys.readouterr().err
    assert compare([str(one), str(other), "--any-tenant"]) == 0


@pytest.mark.parametrize("command", [compare, merge])
def test_wrong_usage(command: Any, capsys: pytest.CaptureFixture[str]) -> None:
    assert command(["--enormous"]) == 4
    assert "Traceback" not in capsys.readouterr().err
    assert command(["--help"]) == 0


STARTED = datetime(2026, 11, 24, 10, tzinfo=UTC)


def shards(tmp_path: Path) -> Iterator[str]:
    parts = {
        "1/3": (
            clause("a.b", "fail", WAY, evidence=Evidence(2, 3, frozenset({"x"}))),
            clause("a.c"),
            clause("a.d"),
        ),
        "3/3": (
            clause("a.b", evidence=Evidence(5, 7, frozenset({"y"}))),
            clause("a.c", "not_assessed", **NOT_COVERED),
            clause("a.d", "error", reason="no response", reason_code="network"),
        ),
    }
    for number, (shard, clauses) in enumerate(parts.items()):
        started = STARTED + timedelta(seconds=30 * number)
        folder = tmp_path / f"shard{number}"
        made = report(*clauses, shard=shard, started_at=started, duration_s=60.0)
        write(made, folder)
        junit = (
            f'<testsuites><testsuite name="s{number}" tests="1"><testcase name="t"/></testsuite></testsuites>'
        )
        (folder / "junit.xml").write_text(junit, encoding="utf-8")
        (folder / "allure-results").mkdir()
        (folder / "allure-results" / f"{number}-result.json").write_text("{}", encoding="utf-8")
        yield str(folder / "conformance.json")


def test_shards_become_one_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    paths = list(shards(tmp_path))
    out = tmp_path / "out"
    assert merge([*paths, "--output", str(out)]) == 1
    assert "shard 2/3 missing" in capsys.readouterr().out
    merged, one = read(out / "conformance.json"), read(Path(paths[0]))
    assert [each.verdict for each in merged.clauses] == ["fail", "pass", "error"]
    assert [each.reason_code for each in merged.clauses] == [None, None, "network"]
    assert merged.clauses[0].evidence == Evidence(7, 10, frozenset({"x", "y"}))
    assert merged.requests.total == 2 * one.requests.total
    assert merged.data.created == 2 * one.data.created
    assert (merged.started_at, merged.duration_s, merged.missing) == (STARTED, 90.0, ("2/3",))
    assert (out / "junit.xml").read_text(encoding="utf-8").count("<testsuite ") == 2
    assert len(list((out / "allure-results").iterdir())) == 2
    assert {path.name for path in (tmp_path / "shard0").iterdir()} == {path.name for path in out.iterdir()}


def test_a_missing_shard_is_never_conformant(tmp_path: Path) -> None:
    one = saved(tmp_path / "1", clause("a.b"), clause("a.c", "not_assessed", **NOT_COVERED), shard="1/2")
    other = saved(tmp_path / "2", clause("a.b"), clause("a.c"), shard="2/2")
    assert merge([str(one), "--output", str(tmp_path / "out")]) == 6
    lost = read(tmp_path / "out" / "conformance.json").clauses[1]
    assert lost.reason == "No available shard checks the clause; missing: 2/2"
    assert merge([str(one), str(other), "--output", str(tmp_path / "out")]) == 0


@pytest.mark.parametrize(
    ("shard", "changed", "sentence"),
    [
        ("1/2", {}, "is shard 1/2, as "),
        ("2/3", {}, "divided by 2 and by 3"),
        ("", {}, "is not a shard, but others are"),
        ("2/2", {"suite": replace(sample_report([]).suite, profile="smoke")}, "has the profile smoke"),
        ("2/2", {"suite": replace(sample_report([]).suite, version="9")}, "has the version 9"),
    ],
)
def test_reports_of_different_runs_are_not_merged(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], shard: str, changed: dict[str, Any], sentence: str
) -> None:
    one = saved(tmp_path / "1", clause("a.b"), shard="1/2")
    other = saved(tmp_path / "2", clause("a.b"), shard=shard, **changed)
    assert merge([str(one), str(other), "--output", str(tmp_path / "out")]) == 4
    assert sentence in capsys.readouterr().err


def test_deviations_are_evaluated_over_all_shards(tmp_path: Path) -> None:
    entry = Deviation("a.b", "We know.", STARTED.date() + timedelta(days=900))
    known = clause("a.b", "known", replace(WAY, accepted="We know."))
    one = saved(tmp_path / "1", known, shard="1/2", deviations=(replace(entry, state="accepted"),))
    other = saved(tmp_path / "2", clause("a.b"), shard="2/2", deviations=(replace(entry, state="unneeded"),))
    out = tmp_path / "out"
    assert merge([str(one), str(other), "--output", str(out), "--strict"]) == 0
    merged = read(out / "conformance.json")
    assert merged.clauses[0].verdict == "known"
    assert [each.state for each in merged.deviations] == ["accepted"]
