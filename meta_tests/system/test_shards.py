"""`--shard=2/3` and `--example-database`: the shards are the whole suite, and machines share failing examples."""

import json
import multiprocessing
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from unittest import SkipTest

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from harness.plugin.execution import shards
from harness.plugin.execution.profiles import shared_examples
from harness.plugin.execution.shards import Shard, split
from meta_tests.support.project_runs import DEADLINE, run_suite
from reporting.merge import main as merge

FORK = multiprocessing.get_context("fork")
TESTS = ("tests/reads/test_get.py", "tests/protocol/test_http.py")
NODEIDS = st.lists(
    st.builds(
        "tests/test_{}.py::test_{}[{}]".format,
        st.sampled_from(("get", "queries", "results", "workflows", "create")),
        st.sampled_from("abc"),
        st.integers(0, 20),
    ),
    unique=True,
)


@given(NODEIDS, st.integers(1, 7))
def test_every_test_is_in_one_shard_and_groups_are_not_divided(nodeids: list[str], of: int) -> None:
    shares = split(nodeids, of)
    assert len(shares) == of
    assert sorted(each for share in shares for each in share) == sorted(nodeids)
    assert shares == split(nodeids[::-1], of), "the order of collection does not matter"
    homes: dict[str, set[int]] = {}
    for number, share in enumerate(shares):
        for each in share:
            homes.setdefault(shards.group(each), set()).add(number)
    assert all(len(home) == 1 for home in homes.values())


def test_the_shards_have_similar_sizes() -> None:
    nodeids = [
        f"tests/reads/test_get.py::test_{name}[{case}]" for name in range(30) for case in range(name % 5 + 1)
    ]
    sizes = [len(share) for share in split(nodeids, 5)]
    assert max(sizes) - min(sizes) <= 2


@pytest.mark.parametrize("wrong", ["0/3", "4/3", "1", "1/0", "a/b", "-1/3", "1/3/5", ""])
def test_a_wrong_shard_is_rejected(wrong: str) -> None:
    with pytest.raises(pytest.UsageError, match="use one such as 2/5"):
        Shard.parse(wrong)


def test_three_processes_lose_no_clause(tmp_path: Path) -> None:
    whole = run_suite(tmp_path / "whole", *TESTS)
    shares = [run_suite(tmp_path / f"shard{number}", *TESTS, f"--shard={number}/3") for number in (1, 2, 3)]
    assert {each.code for each in (whole, *shares)} == {0}
    reports = [str(each.folder / "conformance.json") for each in shares]
    assert merge([*reports, f"--output={tmp_path / 'merged'}"]) == 0
    one, other = (
        json.loads((folder / "conformance.json").read_text(encoding="utf-8"))
        for folder in (whole.folder, tmp_path / "merged")
    )
    assert {each["id"]: each["verdict"] for each in one["clauses"]} == {
        each["id"]: each["verdict"] for each in other["clauses"]
    }


@pytest.fixture
def shared() -> Iterator[str]:
    """The address of a Redis of this test alone."""
    if shutil.which("redis-server") is None:
        pytest.skip("There is no redis-server on this machine; apt-get install redis-server.")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        ["redis-server", "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"],
        stdout=subprocess.DEVNULL,
    )
    try:
        until = time.monotonic() + DEADLINE
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1.0).close()
                break
            except OSError:
                assert time.monotonic() < until, "redis-server does not answer"
                time.sleep(0.02)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        server.terminate()
        server.wait(DEADLINE)


def seek(url: str, phases: tuple[Phase, ...], results: "Connection[str, str]") -> None:
    """Run a property that fails for large numbers, and send the first number that it failed for."""
    drawn: list[int] = []

    @settings(
        database=shared_examples(url),
        phases=phases,
        deadline=None,
        max_examples=2000,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**64))
    def small(number: int) -> None:
        drawn.append(number)
        assert number < 2**63

    try:
        small()
        results.send("held")
    except AssertionError:
        results.send(f"failed on {drawn[0]}")
    except SkipTest:
        results.send("no example")


def test_other_processes_begin_with_the_failing_example(shared: str) -> None:
    def first_failure(*phases: Phase) -> str:
        ours, theirs = FORK.Pipe()
        process = FORK.Process(target=seek, args=(shared, phases, theirs))
        process.start()
        assert ours.poll(DEADLINE), "the process has sent no result"
        process.join(DEADLINE)
        return str(ours.recv())

    assert first_failure(Phase.reuse) == "no example", "the database is empty"
    assert first_failure(Phase.reuse, Phase.generate, Phase.shrink).startswith("failed")
    one, other = first_failure(Phase.reuse), first_failure(Phase.reuse)
    assert one == other
    assert int(one.removeprefix("failed on ")) >= 2**63, (
        "the first example is the one that failed in the other process"
    )


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "somewhere"])
def test_an_unusable_database_ends_the_run_with_one_sentence(tmp_path: Path, address: str) -> None:
    run = run_suite(
        tmp_path / "reports",
        "tests/reads/test_get.py",
        "--hypothesis-profile=nightly",
        f"--example-database={address}",
    )
    assert run.code == pytest.ExitCode.USAGE_ERROR
    assert run.lines[-1].startswith("ERROR: --example-database cannot be used: ")


def test_a_gate_keeps_no_examples(tmp_path: Path) -> None:
    run = run_suite(
        tmp_path / "reports", "tests/reads/test_get.py", "--example-database=redis://127.0.0.1:1/0"
    )
    assert run.code == pytest.ExitCode.USAGE_ERROR
    assert "for the nightly profile" in run.lines[-1]
