"""What a failure gives to whoever wants to see it again or to understand it: the script, the difference, the remedy."""

import subprocess
from dataclasses import replace
from typing import Any

import pytest

from meta_tests.unit.reporting.test_samples import UNSEEN, invented
from reporting import ClauseVerdict, Suite
from reporting.formats.curl_script import script
from reporting.formats.differences import Piece, lines, within
from reporting.formats.html_page import sections
from reporting.verdicts.hints import remedy

API = "https://api.example.com"
MADE = "b575b5320c184cd398fe"


def step(
    method: str, path: str, status: int = 200, sent: str | None = None, came: str = "", **how: Any
) -> Any:
    headers = [
        ["Host", "api.example.com"],
        ["Authorization", "Bearer [redacted]"],
        ["Emporix-Tenant", "acme"],
        ["Content-Length", "61"],
    ]
    return {
        "operation": "get",
        "identity": how.get("identity", "client"),
        "request": {
            "method": method,
            "url": f"{API}/customer/acme/customers{path}",
            "headers": how.get("headers", headers),
            "body": sent,
        },
        "response": {"status": status, "headers": [], "body": came},
    }


SENT = '{"contactEmail": "cct-w8lo3-774@example.com", "title": "It\'s"}'
CREATED = step("POST", "", 201, SENT, f'{{"id":"{MADE}"}}')


def run(text: str) -> str:
    """What curl would be told, an argument a line, and what the script says."""
    fake = 'curl() { for word in "$@"; do echo "arg:$word" >&2; done; echo \'{"id":"new-id"}\'; }\n'
    environ = {"PATH": "/usr/bin:/bin", "TOKEN": "t0ken", "API_URL": "http://127.0.0.1:1", "TENANT": "mine"}
    done = subprocess.run(
        ["sh", "-eu", "-c", fake + text], env=environ, capture_output=True, text=True, check=True, timeout=20
    )
    return done.stderr + done.stdout


def test_a_script_sends_the_same_to_another_tenant_under_new_names_and_new_ids() -> None:
    said = run(script([CREATED, step("PATCH", f"/{MADE}?expand=mixin%3A%2A", sent="{}")], API, "acme"))
    assert "arg:http://127.0.0.1:1/customer/mine/customers\n" in said
    assert "arg:http://127.0.0.1:1/customer/mine/customers/new-id?expand=mixin%3A%2A\n" in said
    assert "arg:Authorization: Bearer t0ken\n" in said
    assert "arg:Emporix-Tenant: mine\n" in said
    body = next(line for line in said.splitlines() if "contactEmail" in line)
    assert body.endswith('774@example.com", "title": "It\'s"}')
    assert "cct-w8lo3-" not in said
    assert "redacted" not in said
    assert "Content-Length" not in said
    assert "1. made new-id" in said


def test_a_script_needs_only_the_tokens_that_it_uses() -> None:
    anonymous = step("GET", "/x", headers=[["Accept", "application/json"]], identity="anonymous")
    assert "TOKEN" not in script([anonymous], API, "acme")
    other = script([step("GET", "/x", identity="other")], API, "acme")
    assert ': "${OTHER_TOKEN:?' in other
    assert script([], API, "acme") == ""


@pytest.mark.parametrize(
    "odd", ["$(reboot)", "`id`", "a'b\"c\\d", "line\nbreak", UNSEEN[:3], "\x1b[31m", "$API_URL"]
)
def test_a_script_holds_odd_values_as_they_are(odd: str) -> None:
    said = script([step("GET", "/x", headers=[["X-Odd", odd]])], API, "acme")
    assert not set(said) & set("\x1b\u202e")
    if odd != UNSEEN[:3]:  # dash has no $'...'
        shell = subprocess.run(
            ["bash", "-eu", "-c", 'curl() { printf "%s|" "$@"; }; ' + said.replace("/dev/stderr", "x")],
            env={"PATH": "/usr/bin:/bin"},
            capture_output=True,
            text=True,
            check=True,
            timeout=20,
        )
        assert f"X-Odd: {odd}|" in shell.stdout


def test_what_a_report_cut_short_is_said_in_the_script() -> None:
    long = step("POST", "", 400, '{"title": "aaa... [70000 more characters]')
    assert "longer than a report holds" in script([long], API, "acme")


def test_json_is_compared_line_by_line_and_short_text_within_the_line() -> None:
    told = lines('{"id": "1", "title": "Dr."}', '{"id": "1", "title": null}')
    assert [piece for piece in told if piece.sign != "same"] == [
        Piece("less", '  "title": "Dr."'),
        Piece("more", '  "title": null'),
    ]
    assert lines("400", "201") == []
    assert within("400", "201") == ([Piece("same", "400")], [Piece("same", "201")])
    one, other = within('"Lovelace"', '"Lovelac"')
    assert [piece.text for piece in one if piece.sign == "less"] == ["e"]
    assert "".join(piece.text for piece in one) == '"Lovelace"'
    assert "".join(piece.text for piece in other) == '"Lovelac"'


def test_every_clause_that_was_not_judged_says_what_would_change_that() -> None:
    rows = [row for section in sections(invented()) for row in section.rows]
    unjudged = {"error", "skipped", "not_assessed"}
    assert [row.clause.id for row in rows if bool(row.remedy) != (row.clause.verdict in unjudged)] == []


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Not asked: there is no second tenant; set EMPORIX_OTHER_TENANT.", "Name a second tenant"),
        ("Not asked: tenant.toml does not list the tenant's restrictions.", "List them in tenant.toml"),
        ("Not asked: no token of this run expires within seconds.", "Ask a tenant whose tokens"),
        ("The test could not get that far: create.status.created failed.", "Mend what failed before it"),
        ("Seen to hold 1 times; 2 is the least that counts.", "Ask more: --hypothesis-profile=nightly"),
        ("No test of this run asks about it", "Run the suite without selecting"),
        ("Untestable: nobody can", "Nothing: no run can judge it."),
        ("The network or a gateway failed: 503", "Run it again in better weather"),
    ],
)
def test_a_remedy_fits_its_reason(reason: str, told: str) -> None:
    clause = ClauseVerdict("a.b", "must", "get", "It is.", "published", "not_assessed", reason)
    assert remedy(clause, Suite("0", "gate")).startswith(told)
    assert remedy(replace(clause, verdict="pass"), Suite("0", "gate")) == ""


def test_what_smoke_leaves_out_the_gate_asks() -> None:
    clause = ClauseVerdict(
        "a.b", "must", "get", "It is.", "x", "not_assessed", "No test of this run asks about it"
    )
    assert "gate profile" in remedy(clause, Suite("0", "smoke"))
