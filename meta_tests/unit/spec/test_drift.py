"""spec.drift: each small edit of the published document is reported, with a clause that rests on it."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from fnmatch import fnmatchcase
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

import spec
from meta_tests.support.document_edits import EDITS, Document, properties_of, schema_of
from spec.clauses import clauses
from spec.drift import affected
from spec.drift.__main__ import main


@pytest.fixture
def published(tmp_path: Path) -> Callable[[Document], str]:
    """Writes a document to a file and returns its path."""

    def write(document: Document) -> str:
        path = tmp_path / "published.json"
        path.write_text(json.dumps(document), encoding="utf-8")
        return str(path)

    return write


def _drift(source: str, capsys: pytest.CaptureFixture[str], *options: str) -> tuple[int, str]:
    code = main([source, *options])
    return code, capsys.readouterr().out


@pytest.mark.parametrize("name", EDITS)
def test_each_edit_is_reported_with_a_clause_that_rests_on_it(
    name: str, published: Callable[[Document], str], capsys: pytest.CaptureFixture[str]
) -> None:
    edit, line, clause = EDITS[name]
    document = spec.document(corrected=False)
    edit(document)
    code, output = _drift(published(document), capsys, "--json")
    text = _drift(published(document), capsys)[1]

    assert code == 1
    assert line in text.splitlines()
    assert clause in clauses()
    assert clause in {each for entry in json.loads(output)["differences"] for each in entry["clauses"]}


def test_one_edit_is_one_difference(
    published: Callable[[Document], str], capsys: pytest.CaptureFixture[str]
) -> None:
    document = spec.document(corrected=False)
    schema_of(document, "CustomId").update(maxLength=40)
    _, output = _drift(published(document), capsys, "--json")
    (entry,) = json.loads(output)["differences"]
    assert entry["operations"] == ["create"]
    assert entry["places"] == ["POST /customer/{}/customers request application/json $.id maxLength"]
    assert (entry["before"], entry["now"], entry["adopted"]) == (66, 40, False)
    assert set(entry["clauses"]) == {"create.id.max-length", "create.id.length-accepted"}


def test_one_of_several_changes_is_a_renamed_property(
    published: Callable[[Document], str], capsys: pytest.CaptureFixture[str]
) -> None:
    document = spec.document(corrected=False)
    properties = properties_of(document, "Customer")
    properties["phone"] = properties.pop("contactPhone")
    properties["metadataChangedAt"] = {"type": "integer"}
    properties.pop("active")
    lines = _drift(published(document), capsys)[1].splitlines()
    assert "renamed: response $.contactPhone: now response $.phone" in lines
    assert {"added: response $.metadataChangedAt", "removed: response $.active"} <= set(lines)


def test_the_document_of_the_contract_has_only_explained_differences(
    published: Callable[[Document], str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, output = _drift(published(spec.document(corrected=False)), capsys, "--json")
    found = json.loads(output)
    assert (code, found["differences"], found["uncovered"]) == (0, [], [])
    reasons = {reason for entry in found["explained"] for reason in entry["corrections"]}
    assert any("lacks a quantifier" in reason for reason in reasons)
    assert all(entry["corrections"] for entry in found["explained"])


def test_a_published_correction_can_be_removed(
    published: Callable[[Document], str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, output = _drift(published(spec.document(corrected=True)), capsys)
    assert code == 1
    removable = output.count("can be removed, the document states the same by now")
    assert removable == output.count("correction  ") > 0


def test_other_operations_are_listed_and_are_no_difference(
    published: Callable[[Document], str], capsys: pytest.CaptureFixture[str]
) -> None:
    document = spec.document(corrected=False)
    document["paths"]["/customer/{tenant}/notes"] = {"get": {"responses": {"200": {"description": "Notes."}}}}
    code, output = _drift(published(document), capsys)
    assert code == 0
    assert "  GET /customer/{}/notes" in output.splitlines()


def test_markdown_is_a_table_for_an_issue(
    published: Callable[[Document], str], capsys: pytest.CaptureFixture[str]
) -> None:
    document = spec.document(corrected=False)
    schema_of(document, "Currency").update(maxLength=4, pattern="a|b")
    _, output = _drift(published(document), capsys, "--markdown")
    rows = [line for line in output.splitlines() if line.startswith("| changed |")]
    assert len(rows) == 2
    assert "`upsert.preferredCurrency.max-length`" in rows[0]
    assert r"a\|b" in rows[1]
    assert "<details><summary>Explained by corrections" in output


@contextmanager
def _served(body: bytes, status: int) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/api.yml"
        server.shutdown()


@pytest.mark.parametrize(("status", "code"), [(200, 0), (404, 4), (500, 4)])
def test_a_document_is_read_from_an_address(
    status: int, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    body = json.dumps(spec.document(corrected=False)).encode()
    with _served(body, status) as address:
        assert main([address]) == code
    message = capsys.readouterr().err
    assert (message == "") is (code == 0)
    assert message.count("\n") == (code == 4)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "cannot be read"),
        (b"\xff\xfe\x00", "is neither YAML nor JSON"),
        (b"a: [", "is neither YAML nor JSON"),
        (b"- a", "is no OpenAPI document"),
        (b"swagger: '2.0'\npaths: {}", "is not an OpenAPI document of version 3.0 or 3.1 with paths"),
        (b"openapi: 3.0.0\npaths: {/a: {get: {responses: 1}}}", "is not a well-formed OpenAPI document"),
        (b"openapi: 3.0.0\npaths: {/a: {get: {responses: {}}}}", "has no operation of the contract"),
    ],
)
def test_what_cannot_be_compared_is_one_sentence(
    content: bytes | None, sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "api.yml"
    if content is not None:
        path.write_bytes(content)
    assert main([str(path)]) == 4
    message = capsys.readouterr().err
    assert str(path) in message
    assert sentence in message
    assert message.count("\n") == 1


@pytest.mark.parametrize("arguments", [[], ["a.yml", "--html"], ["a.yml", "--json", "--markdown"]])
def test_a_wrong_option_is_exit_code_4(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 4
    assert "usage: python -m spec.drift" in capsys.readouterr().err


def test_every_name_in_the_tables_of_clauses_is_one_of_the_catalogue() -> None:
    subjects = {clause_id.split(".")[1] for clause_id in clauses()}
    aspects = {clause_id.rpartition(".")[2] for clause_id in clauses()}
    named = {name.split(".")[0] for names in affected.OTHER_SUBJECTS.values() for name in names}
    assert named | set(affected.INNER_SUBJECTS.values()) <= subjects
    assert {name for names in affected.ASPECTS.values() for name in names} <= aspects
    for patterns in affected.STATUSES.values():
        for pattern in patterns:
            written = [pattern.format(op=operation) for operation in spec.operations()]
            assert any(fnmatchcase(each, one) for each in clauses() for one in written), pattern
