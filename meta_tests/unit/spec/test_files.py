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
    ("name", "old", "new", "says"),
    [
        (DOCUMENT, "openapi: 3.1.0", "openapi: 3.0.3", "must be an OpenAPI 3.1 document"),
        (DOCUMENT, "openapi: 3.1.0", "openapi: [", "is not YAML"),
        (DOCUMENT, "\npaths:", "\nroads:", "must have paths"),
        (DOCUMENT, "operationId: patch", "operationId: amend", "must have the operations"),
        (DOCUMENT, "operationId: patch\n      tags", "tags", "patch /customer"),
        (CORRECTIONS, "overlay: 1.0.0", "overlay: 2.0.0", "must be an OpenAPI Overlay 1.0.0"),
        (CORRECTIONS, "\nactions:", "\nacts:", "must list at least one action"),
        (CORRECTIONS, "schemas.CustomId", "schemas.CustomID", "action 1: .*changes nothing"),
        (CORRECTIONS, "schemas.CustomId", "schemas[[", r"action 1: .*cannot be applied"),
        (
            CORRECTIONS,
            "    update:\n      pattern",
            "    set:\n      pattern",
            "action 1: must have a target",
        ),
    ],
)
def test_a_broken_file_is_one_sentence(copy: Path, name: str, old: str, new: str, says: str) -> None:
    path = copy / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(spec.SpecificationError, match=says) as caught:
        spec.operations(directory=copy)
    _is_one_sentence(str(caught.value), path)


@pytest.mark.parametrize("name", [DOCUMENT, CORRECTIONS])
def test_a_missing_file_is_one_sentence(copy: Path, name: str) -> None:
    (copy / name).unlink()
    with pytest.raises(spec.SpecificationError, match="is missing; restore it from the release") as caught:
        spec.document(directory=copy)
    _is_one_sentence(str(caught.value), copy / name)


@pytest.mark.parametrize(
    ("target", "says"),
    [
        ("#/components/schemas/Nowhere", "leads nowhere"),
        ("#/components/schemas/CustomerCreate", "leads back to itself"),
        ("other.yaml#/Restriction", "leads out of the document"),
    ],
)
def test_a_broken_reference_is_one_sentence(copy: Path, target: str, says: str) -> None:
    path = copy / DOCUMENT
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("#/components/schemas/Restriction", target, 1), encoding="utf-8")
    with pytest.raises(spec.SpecificationError, match=says) as caught:
        spec.schema("CustomerCreate", corrected=False, directory=copy)
    _is_one_sentence(str(caught.value), path)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("- [", "is not YAML"),
        ("a: b", "must be a list of clauses"),
        ("[]", "must be a list of clauses"),
        ("- a", "entry 1: must be a mapping"),
        (f"- {A_CLAUSE}\n- {A_CLAUSE}", "entry 2: the id get.a.b is taken"),
        (f"- {A_CLAUSE.replace('level: must', 'level: may')}", "may is no level"),
        (f"- {A_CLAUSE.replace('operation: get', 'operation: steal')}", "steal is no operation"),
        (f"- {A_CLAUSE.replace('text: A b.', 'text: 3')}", "needs a text"),
        (f"- {A_CLAUSE.replace('}', ', severity: high}')}", "does not know the key severity"),
        (f"- {A_CLAUSE.replace('}', ', needs: [luck]}')}", "does not know the need luck"),
        (f"- {A_CLAUSE.replace('}', ', needs: 3}')}", "needs must be a list"),
        (f"- {A_CLAUSE.replace('}', ', untestable: [x]}')}", "untestable must be a sentence"),
    ],
)
def test_a_broken_catalogue_is_one_sentence(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "clauses.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(spec.SpecificationError, match=says) as caught:
        spec.clauses(path)
    _is_one_sentence(str(caught.value), path)


def test_a_missing_catalogue_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(spec.SpecificationError, match="is missing") as caught:
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
