"""schemathesis.toml: the Schemathesis command line runs on the document and raises no false alarm."""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import spec

ROOT = Path(__file__).parents[3]
CONFIGURATION = ROOT / "schemathesis.toml"
# A run takes some seconds.
RUN_DEADLINE = 120


@pytest.fixture(scope="module")
def tenant() -> Iterator[dict[str, Any]]:
    """A mock tenant that ends with this module: its address and the environment that its clients need."""
    command = [sys.executable, "-m", "mock_tenant", "--port", "0", "--until-stdin-closes"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        yield json.loads(process.stdout.readline())


def test_a_faithful_tenant_passes(tenant: dict[str, Any]) -> None:
    run = _run(tenant["api_url"], {**os.environ, **tenant["environ"]})
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr
    assert "Selected: 7/10" in run.stdout
    assert "WARNINGS" not in run.stdout, "such as mostly refused data, or a token that does not work"


def test_missing_credentials_are_named(tenant: dict[str, Any]) -> None:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("EMPORIX_")}
    run = _run(tenant["api_url"], {**environ, "EMPORIX_TENANT": "acme"})
    assert run.returncode != 0
    assert "EMPORIX_CLIENT_ID" in run.stdout + run.stderr
    assert "Traceback" not in run.stdout + run.stderr


def test_the_configuration_names_what_the_document_has() -> None:
    configuration = tomllib.loads(CONFIGURATION.read_text(encoding="utf-8"))
    document = spec.document(corrected=False)
    assert set(configuration["auth"]["dynamic"]["openapi"]) == set(document["components"]["securitySchemes"])
    named = [
        entry["include-operation-id"] for entry in configuration["operations"] if "include-tag" not in entry
    ]
    assert set(named) <= spec.operations().keys()
    assert len(named) == len(set(named)), "a later entry would hide an earlier one"
    known = {f"{p['in']}.{p['name']}" for p in document["components"]["parameters"].values()}
    for body in ("CustomerCreate", "CustomerSearch"):
        known |= {f"body.{name}" for name in spec.schema(body)["properties"]}
    assert set(configuration["parameters"]) <= known
    for bound in configuration["parameters"].values():
        assert isinstance(bound, str) or bound["dictionary"] in configuration["dictionaries"]


def _run(url: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = Path(sys.executable).with_name("st")
    arguments = ["run", "spec/openapi.yaml", "--url", url, "--seed", "1", "--max-examples", "5", "--no-color"]
    return subprocess.run(
        [command, *arguments],
        cwd=ROOT,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=RUN_DEADLINE,
    )
