"""What explains and reproduces a failure: the curl script, the difference, the hint, the replay as a test."""

import ast
import importlib
import subprocess
from dataclasses import replace
from typing import get_args

import pytest

from meta_tests.unit.reporting.test_samples import INVISIBLE, sample_report
from reporting import ClauseVerdict, Failure, Reason, Suite
from reporting.formats.curl_script import script
from reporting.formats.html.differences import Piece, lines, within
from reporting.model.exchange import Exchange, Headers, Request, Response
from reporting.replay import as_test, decisive_index
from reporting.verdicts.hints import hint
from spec import ABSENT, Kind, Mismatch, Rule, status_mismatch

API = "https://api.example.com"
CREATED_ID = "b575b5320c184cd398fe"
HEADERS = (
    ("Host", "api.example.com"),
    ("Authorization", "Bearer [redacted]"),
    ("Emporix-Tenant", "acme"),
    ("Content-Length", "61"),
)


def step(
    method: str,
    path: str,
    status: int = 200,
    sent: str | None = None,
    returned: str = "",
    identity: str = "client",
    headers: Headers = HEADERS,
    operation: str = "get",
) -> Exchange:
    request = Request(method, f"{API}/customer/acme/customers{path}", headers, sent)
    return Exchange(1, operation, identity, request, Response(status, (), returned))


SENT = '{"contactEmail": "cct-w8lo3-774@example.com", "title": "It\'s"}'
CREATED = step("POST", "", 201, SENT, f'{{"id":"{CREATED_ID}"}}')


def run(text: str) -> str:
    """The arguments of curl, one a line, and the output of the script."""
    fake = 'curl() { for word in "$@"; do echo "arg:$word" >&2; done; echo \'{"id":"new-id"}\'; }\n'
    environ = {"PATH": "/usr/bin:/bin", "TOKEN": "t0ken", "API_URL": "http://127.0.0.1:1", "TENANT": "mine"}
    done = subprocess.run(
        ["sh", "-eu", "-c", fake + text], env=environ, capture_output=True, text=True, check=True, timeout=20
    )
    return done.stderr + done.stdout


def test_a_script_sends_the_same_requests_to_another_tenant_with_new_names_and_ids() -> None:
    said = run(script([CREATED, step("PATCH", f"/{CREATED_ID}?expand=mixin%3A%2A", sent="{}")], API, "acme"))
    assert "arg:http://127.0.0.1:1/customer/mine/customers\n" in said
    assert "arg:http://127.0.0.1:1/customer/mine/customers/new-id?expand=mixin%3A%2A\n" in said
    assert "arg:Authorization: Bearer t0ken\n" in said
    assert "arg:Emporix-Tenant: mine\n" in said
    body = next(line for line in said.splitlines() if "contactEmail" in line)
    assert body.endswith('774@example.com", "title": "It\'s"}')
    assert "cct-w8lo3-" not in said
    assert "redacted" not in said
    assert "Content-Length" not in said
    assert "1. created new-id" in said


def test_a_script_needs_only_the_tokens_that_it_uses() -> None:
    anonymous = step("GET", "/x", headers=(("Accept", "application/json"),), identity="anonymous")
    assert "TOKEN" not in script([anonymous], API, "acme")
    other = script([step("GET", "/x", identity="other")], API, "acme")
    assert ': "${OTHER_TOKEN:?' in other
    reader = script(
        [step("GET", "/x", identity="reader", headers=(("Authorization", "OAuth [redacted]"),))], API, "acme"
    )
    assert '-H "Authorization: OAuth $READER_TOKEN"' in reader
    assert script([], API, "acme") == ""


@pytest.mark.parametrize(
    "odd", ["$(reboot)", "`id`", "a'b\"c\\d", "line\nbreak", INVISIBLE[:3], "\x1b[31m", "$API_URL"]
)
def test_a_script_holds_odd_values_as_they_are(odd: str) -> None:
    said = script([step("GET", "/x", headers=(("X-Odd", odd),))], API, "acme")
    assert not set(said) & set("\x1b\u202e")
    if odd != INVISIBLE[:3]:  # dash has no $'...'
        shell = subprocess.run(
            ["bash", "-eu", "-c", 'curl() { printf "%s|" "$@"; }; ' + said.replace("/dev/stderr", "x")],
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
        assert f"X-Odd: {odd}|" in shell.stdout


def test_the_script_names_a_body_that_is_cut() -> None:
    long = step("POST", "", 400, '{"title": "aaa... [70000 more characters]')
    assert "only the beginning of this body" in script([long], API, "acme")


def test_json_is_compared_line_by_line_and_short_text_within_the_line() -> None:
    difference = lines('{"id": "1", "title": "Dr."}', '{"id": "1", "title": null}')
    assert [piece for piece in difference if piece.sign != "same"] == [
        Piece("expected", '  "title": "Dr."'),
        Piece("actual", '  "title": null'),
    ]
    assert lines("400", "201") == []
    assert within("400", "201") == ([Piece("same", "400")], [Piece("same", "201")])
    one, other = within('"Lovelace"', '"Lovelac"')
    assert [piece.text for piece in one if piece.sign == "expected"] == ["e"]
    assert "".join(piece.text for piece in one) == '"Lovelace"'
    assert "".join(piece.text for piece in other) == '"Lovelac"'


def test_every_clause_that_is_not_assessed_has_a_hint() -> None:
    report, unassessed = sample_report(), {"error", "skipped", "not_assessed"}
    hinted = [clause.id for clause in report.clauses if hint(clause, report.suite)]
    assert hinted == [clause.id for clause in report.clauses if clause.verdict in unassessed]


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        ("second-tenant", "Configure a second tenant"),
        ("restrictions", "List the restrictions"),
        ("short-lived-tokens", "Use a tenant whose tokens expire"),
        ("blocked", "Fix the failure of the clause"),
        ("too-few-examples", "Run more examples: --hypothesis-profile=nightly"),
        ("not-selected", "Run the suite without a selection"),
        ("untestable", "No action is possible"),
        ("network", "Run the suite again when the network"),
        (None, "Resolve the reason"),
    ],
)
def test_a_hint_matches_the_reason(code: Reason | None, sentence: str) -> None:
    clause = ClauseVerdict("a.b", "must", "get", "It is.", "published", "not_assessed", "Any.", code)
    assert hint(clause, Suite("0", "gate")).startswith(sentence)
    assert hint(replace(clause, verdict="pass"), Suite("0", "gate")) == ""


@pytest.mark.parametrize("code", get_args(Reason))
def test_every_reason_has_a_hint(code: Reason) -> None:
    clause = ClauseVerdict("a.b", "must", "get", "It is.", "x", "skipped", "Any.", code)
    assert hint(clause, Suite("0", "gate")).endswith(".")


def test_the_smoke_profile_refers_to_the_gate_profile() -> None:
    clause = ClauseVerdict("a.b", "must", "get", "It is.", "x", "not_assessed", "Any.", "not-selected")
    assert "gate profile" in hint(clause, Suite("0", "smoke"))


def test_the_imports_of_a_generated_replay_exist() -> None:
    report = sample_report()
    for clause in report.failing():
        for failure in clause.failures:
            module = ast.parse(as_test(report, clause, failure))
            imported = [
                (node.module, name.name)
                for node in module.body
                if isinstance(node, ast.ImportFrom)
                for name in node.names
            ]
            assert len(imported) == 2
            for source, name in imported:
                assert hasattr(importlib.import_module(str(source)), name)


CREATE = step("POST", "", 201, "{}", "{}", operation="create")
GET = step("GET", "/x", 200, None, '{"firstName": "x"}')
LIST = step("GET", "", 200, None, "[]", operation="list")
DELETE = step("DELETE", "/x", 202, operation="delete")


@pytest.mark.parametrize(
    ("mismatch", "steps", "index"),
    [
        (status_mismatch(201, 400), (CREATE, GET, DELETE), 0),
        (status_mismatch(200, 404), (CREATE, GET, GET, DELETE), 2),
        (Mismatch(Kind.VALUE, expected="Ada", actual="x", path="$.firstName"), (CREATE, GET, DELETE), 1),
        (Mismatch(Kind.HEADER, expected="0", actual=ABSENT, path="header Count"), (LIST, GET), 0),
        (Mismatch(Kind.CUSTOMERS, expected=["a"], actual=[]), (CREATE, LIST, GET), 1),
        (Mismatch(Kind.ASSERTION, expected=Rule("x"), actual=Rule("y")), (CREATE, GET), 1),
    ],
)
def test_the_decisive_exchange_is_recorded_or_the_last_that_can_show_the_mismatch(
    mismatch: Mismatch, steps: tuple[Exchange, ...], index: int
) -> None:
    assert decisive_index(Failure.of(mismatch, exchanges=steps)) == index
    assert decisive_index(Failure.of(mismatch, exchanges=steps, decisive=0)) == 0
    assert decisive_index(replace(Failure.of(mismatch, exchanges=steps), mismatch=None)) == len(steps) - 1
