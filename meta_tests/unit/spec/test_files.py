"""Missing and broken files of the specification: one sentence that names the place and the remedy."""

import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

import spec
from spec.contract import CORRECTIONS, DIRECTORY, DOCUMENT

A_CLAUSE = "{id: get.a.b, operation: get, level: must, text: A b., source: published}"


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    for name in (DOCUMENT, CORRECTIONS):
        shutil.copy(DIRECTORY / name, tmp_path / name)
    return tmp_path


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        (DOCUMENT, "openapi: 3.1.0", "openapi: 3.0.3", "must be an OpenAPI 3.1 document"),
        (DOCUMENT, "openapi: 3.1.0", "openapi: [", "is not YAML"),
        (DOCUMENT, "\npaths:", "\nroads:", "must be an OpenAPI 3.1 document with paths"),
        (DOCUMENT, "operationId: patch", "operationId: amend", "is missing .'patch'."),
        (DOCUMENT, "operationId: patch\n      tags", "tags", "is missing .'operationId'."),
        (CORRECTIONS, "overlay: 1.0.0", "overlay: 2.0.0", "overlay: input should be '1.0.0'"),
        (CORRECTIONS, "\nactions:", "\nacts:", "actions: is missing"),
        (
            CORRECTIONS,
            "schemas.CustomId",
            "schemas.CustomID",
            "entry 1, target: .*is no object of the document",
        ),
        (CORRECTIONS, "schemas.CustomId", "openapi", "entry 1, target: .*is no object of the document"),
        (CORRECTIONS, "schemas.CustomId", "schemas[[", "entry 1, target: string should match pattern"),
        (
            CORRECTIONS,
            'providerId: { type: [string, "null"] }',
            "providerId: { type: string }",
            "has the update already",
        ),
        (CORRECTIONS, "    update:\n      pattern", "    set:\n      pattern", "entry 1, update: is missing"),
    ],
)
def test_a_broken_file_is_one_sentence(copy: Path, name: str, old: str, new: str, message: str) -> None:
    path = copy / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(spec.SpecificationError, match=message) as caught:
        spec.operations(directory=copy)
    _is_one_sentence(str(caught.value), path)


@pytest.mark.parametrize("name", [DOCUMENT, CORRECTIONS])
def test_a_missing_file_is_one_sentence(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(
        spec.SpecificationError, match=r"cannot be read .*; restore it from the release"
    ) as caught:
        spec.document(directory=copy)
    _is_one_sentence(str(caught.value), copy / name)


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("#/components/schemas/Nowhere", "leads nowhere"),
        ("#/components/schemas/CustomerCreate", "leads back to itself"),
        ("other.yaml#/Restriction", "leads out of the document"),
    ],
)
def test_a_broken_reference_is_one_sentence(copy: Path, target: str, message: str) -> None:
    path = copy / DOCUMENT
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("#/components/schemas/Restriction", target, 1), encoding="utf-8")
    with pytest.raises(spec.SpecificationError, match=message) as caught:
        spec.schema("CustomerCreate", corrected=False, directory=copy)
    _is_one_sentence(str(caught.value), path)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("- [", "is not YAML"),
        ("a: b", "input should be a valid list"),
        ("[]", "list should have at least 1 item"),
        ("- a", "entry 1: must be a mapping"),
        (f"- {A_CLAUSE}\n- {A_CLAUSE}", "entry 2: the id get.a.b is taken"),
        (
            f"- {A_CLAUSE.replace('level: must', 'level: may')}",
            "entry 1, level: input should be 'must', 'should' or 'unspecified'",
        ),
        (
            f"- {A_CLAUSE.replace('operation: get', 'operation: steal')}",
            "entry 1, operation: input should be 'token'",
        ),
        (f"- {A_CLAUSE.replace('text: A b.', 'text: 3')}", "entry 1, text: input should be a valid string"),
        (f"- {A_CLAUSE.replace(', text: A b.', '')}", "entry 1, text: is missing"),
        (f"- {A_CLAUSE.replace('}', ', severity: high}')}", "entry 1, severity: is not a known key"),
        (
            f"- {A_CLAUSE.replace('}', ', needs: [luck]}')}",
            "entry 1, needs, entry 1: input should be 'restrictions'",
        ),
        (f"- {A_CLAUSE.replace('}', ', needs: 3}')}", "entry 1, needs: input should be a valid frozenset"),
        (
            f"- {A_CLAUSE.replace('}', ', untestable: [x]}')}",
            "entry 1, untestable: input should be a valid string",
        ),
        (
            f"- {A_CLAUSE.replace('}', ', readings: [ignored]}')}",
            "entry 1: readings belong to a clause of level unsp",
        ),
        (
            f"- {A_CLAUSE.replace('level: must', 'level: unspecified')}",
            "entry 1: readings belong to a clause",
        ),
    ],
)
def test_a_broken_catalogue_is_one_sentence(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "clauses.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(spec.SpecificationError, match=message) as caught:
        spec.clauses(path)
    _is_one_sentence(str(caught.value), path)


def test_a_missing_catalogue_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(spec.SpecificationError, match="cannot be read") as caught:
        spec.clauses(tmp_path / "clauses.yaml")
    _is_one_sentence(str(caught.value), tmp_path / "clauses.yaml")


def test_an_unreadable_file_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "clauses.yaml"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(spec.SpecificationError, match="cannot be read") as caught:
        spec.clauses(path)
    _is_one_sentence(str(caught.value), path)


def test_loading_is_quick() -> None:
    program = (
        "import time, spec\n"
        "start = time.process_time()\n"
        "spec.document(); spec.document(False); spec.operations(); spec.schema('Customer'); spec.clauses()\n"
        "print(time.process_time() - start)\n"
    )
    spent = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert float(spent.stdout) < 0.5, "seconds of processor time"
    start = time.process_time()
    spec.document()
    assert time.process_time() - start < 0.02, "the second time it is only copied"


def _is_one_sentence(message: str, path: Path) -> None:
    assert message.startswith(str(path)), "the place comes first"
    assert "\n" not in message
    assert re.search(r"[a-z1]\.$", message), "it ends as a sentence"
