"""`--shard=2/3` and `--example-database`: the parts are the whole, and what one machine found all ask first."""

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

from harness.plugin import ordering
from harness.plugin.example_database import shared_examples
from harness.plugin.shards import Shard, parts
from meta_tests.support.project_runs import DEADLINE, ended
from reporting.merge import main as merge

FORK = multiprocessing.get_context("fork")
ASKED = ("tests/reads/test_get.py", "tests/protocol/test_http.py")
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
def test_every_test_is_in_one_part_and_groups_stay_whole(nodeids: list[str], of: int) -> None:
    shares = parts(nodeids, of)
    assert len(shares) == of
    assert sorted(each for share in shares for each in share) == sorted(nodeids)
    assert shares == parts(nodeids[::-1], of), "the order of collection does not matter"
    homes: dict[str, set[int]] = {}
    for number, share in enumerate(shares):
        for each in share:
            homes.setdefault(ordering.group(each), set()).add(number)
    assert all(len(home) == 1 for home in homes.values())


def test_the_parts_are_of_about_one_size() -> None:
    nodeids = [
        f"tests/reads/test_get.py::test_{name}[{case}]" for name in range(30) for case in range(name % 5 + 1)
    ]
    sizes = [len(share) for share in parts(nodeids, 5)]
    assert max(sizes) - min(sizes) <= 2


@pytest.mark.parametrize("wrong", ["0/3", "4/3", "1", "1/0", "a/b", "-1/3", "1/3/5", ""])
def test_no_part_of_a_whole_is_refused(wrong: str) -> None:
    with pytest.raises(pytest.UsageError, match="use one such as 2/5"):
        Shard.read(wrong)


def test_three_processes_lose_no_clause(tmp_path: Path) -> None:
    whole = ended(tmp_path / "whole", *ASKED)
    shares = [ended(tmp_path / f"shard{number}", *ASKED, f"--shard={number}/3") for number in (1, 2, 3)]
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


def seek(url: str, phases: tuple[Phase, ...], told: "Connection[str, str]") -> None:
    """In a process of its own: a property that fails for large numbers, and the number that it failed for first."""
    asked: list[int] = []

    @settings(
        database=shared_examples(url),
        phases=phases,
        deadline=None,
        max_examples=2000,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 2**64))
    def small(number: int) -> None:
        asked.append(number)
        assert number < 2**63

    try:
        small()
        told.send("held")
    except AssertionError:
        told.send(f"failed on {asked[0]}")
    except SkipTest:
        told.send("nothing to ask")


def test_what_one_process_found_the_others_ask_first(shared: str) -> None:
    def sought(*phases: Phase) -> str:
        ours, theirs = FORK.Pipe()
        process = FORK.Process(target=seek, args=(shared, phases, theirs))
        process.start()
        assert ours.poll(DEADLINE), "the process has not told anything"
        process.join(DEADLINE)
        return str(ours.recv())

    assert sought(Phase.reuse) == "nothing to ask", "nobody has found anything yet"
    assert sought(Phase.reuse, Phase.generate, Phase.shrink).startswith("failed")
    one, other = sought(Phase.reuse), sought(Phase.reuse)
    assert one == other
    assert int(one.removeprefix("failed on ")) >= 2**63, (
        "the first that it asks is the one that failed elsewhere"
    )


@pytest.mark.parametrize("address", ["redis://127.0.0.1:1/0", "somewhere"])
def test_a_database_that_cannot_be_used_is_told_in_one_sentence(tmp_path: Path, address: str) -> None:
    night = "--hypothesis-profile=nightly"
    run = ended(tmp_path / "reports", "tests/reads/test_get.py", night, f"--example-database={address}")
    assert run.code == pytest.ExitCode.USAGE_ERROR
    assert run.lines[-1].startswith("ERROR: --example-database cannot be used: ")


def test_a_gate_keeps_no_examples(tmp_path: Path) -> None:
    run = ended(tmp_path / "reports", "tests/reads/test_get.py", "--example-database=redis://127.0.0.1:1/0")
    assert run.code == pytest.ExitCode.USAGE_ERROR
    assert "for the nightly profile" in run.lines[-1]
