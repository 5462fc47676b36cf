"""A failing example shows its values, although Schemathesis replaces the printer of Hypothesis."""

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis.vendor import pretty

from harness.dataset import Dataset
from meta_tests.support.scripted_tenant import scripted_api

ROOT = Path(__file__).parents[4]
FAILING = """
import schemathesis.generation.hypothesis.builder
from hypothesis import given, settings, strategies as st

@settings(database=None, derandomize=True)
@given(height=st.integers(), name=st.just("Ada"))
def test_heights(height, name):
    assert height < 1000
"""


@pytest.mark.parametrize(
    ("plugins", "shown"),
    [(("-p", "conftest"), True), ((), False)],
    ids=["restored", "as Schemathesis leaves it"],
)
def test_a_failing_test_prints_its_values(tmp_path: Path, plugins: tuple[str, ...], shown: bool) -> None:
    module = tmp_path / "test_tall.py"
    module.write_text(FAILING)
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        *plugins,
        "--rootdir",
        str(tmp_path),
    ]
    output = subprocess.run(
        [*command, str(module)], cwd=ROOT, capture_output=True, text=True, check=False
    ).stdout

    assert "1 failed" in output
    assert ("height=1000" in output) is shown
    assert ("name='Ada'" in output) is shown


def test_the_driver_and_the_dataset_are_printed_by_name() -> None:
    """Hypothesis prints each parameter of a failing example: not all that the driver refers to."""
    api = scripted_api()[0]
    assert pretty.pretty(api) == repr(api)
    assert pretty.pretty(Dataset("tag", (), 0.0)) == "<Dataset tag>"
