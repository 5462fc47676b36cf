"""Secrets never leave through what an exchange shows of itself."""

import json
import shlex
import subprocess
from typing import Any
from urllib.parse import quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.exchange import SHOWN_BODY, Exchange
from client.redaction import Redactor, passwords
from client.transport.recorder import Recorder

SECRET = "s3cret/+&\"'<ü>"
MEMBERS = ("password", "client_secret", "access_token", "refresh_token")
LEAVES = st.none() | st.booleans() | st.integers() | st.text(max_size=8)
VALUES = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner)
)
CANARY = "canary-7f3a91"


def exchange(**parts: Any) -> Exchange:
    return Exchange(
        **{
            "number": 1,
            "operation": "create",
            "identity": "client",
            "method": "POST",
            "url": "https://api.example.com/customer/acme/customers",
            "path": "/customer/acme/customers",
            "request_headers": (("Authorization", "Bearer abcdefghijklmnop"),),
            "request_body": None,
            "status": 201,
            "response_headers": (),
            "response_body": b"",
            "started": 0.0,
            "elapsed": 0.1,
            **parts,
        }
    )


def shown(one: Exchange) -> str:
    return json.dumps(one.as_json(), ensure_ascii=False) + one.as_curl() + repr(one)


@given(
    VALUES, st.sampled_from(MEMBERS), st.lists(st.sampled_from(["list", "dict"]), max_size=6), st.booleans()
)
def test_a_secret_member_at_any_depth_is_taken_out(
    value: Any, member: str, nesting: list[str], answered: bool
) -> None:
    body: Any = {"before": value, member: CANARY, "after": value}
    for kind in nesting:
        body = [body, value] if kind == "list" else {"inner": body}
    part = "response_body" if answered else "request_body"
    assert CANARY not in shown(exchange(**{part: json.dumps(body).encode()}))


@pytest.mark.parametrize("hidden", [[1, CANARY], {"a": "b", "c": CANARY}, [{"password": [CANARY]}]])
def test_a_secret_member_that_is_no_string_is_taken_out(hidden: Any) -> None:
    for number in ("1", "9" * 5000):  # Python converts no integer of more than 4,300 digits by itself
        text = json.dumps({"x": 1, "Password": hidden, "y": 2}).replace("Pass", "\\u0050ass")
        body = text.replace('"y": 2', f'"y": {number}').encode()
        assert CANARY not in shown(exchange(request_body=body, response_body=body))


@given(
    st.sampled_from(MEMBERS),
    st.integers(min_value=0, max_value=14),
    st.sampled_from([b"", b"}", b'", "x": 1', b"\xff"]),
)
def test_a_secret_member_of_broken_json_is_taken_out(member: str, cut: int, end: bytes) -> None:
    whole = b'{"a": [1, {"' + member.encode() + b'" : "' + CANARY.encode()
    broken = whole + end + b"x" * cut
    assert CANARY not in shown(exchange(request_body=broken, response_body=broken))


@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["url", "headers", "json", "form"]))
def test_a_known_secret_is_taken_out_of_everything(before: str, after: str, place: str) -> None:
    redactor = Redactor([SECRET])
    text = f"{before}{SECRET}{after}"
    parts: dict[str, Any] = {"redactor": redactor}
    match place:
        case "url":
            parts["url"] = f"https://api.example.com/?q={text}"
        case "headers":
            parts["response_headers"] = (("X-Debug", text),)
        case "json":
            parts["response_body"] = json.dumps({"message": text}).encode()
        case "form":
            parts["request_body"] = b"x=" + quote_plus(SECRET).encode()
    one = exchange(**parts)
    for form in (SECRET, json.dumps(SECRET)[1:-1], "s3cret%2F"):
        assert form not in shown(one)


def test_an_authorization_header_keeps_its_scheme_only() -> None:
    one = exchange(
        request_headers=(("authorization", "Basic dXNlcjpwdw=="), ("Cookie", "sid=abc"), ("X-A", "b"))
    )
    assert one.as_json()["request_headers"] == [
        ["authorization", "Basic [redacted]"],
        ["Cookie", "[redacted]"],
        ["X-A", "b"],
    ]
    assert "$EMPORIX_ACCESS_TOKEN" in one.as_curl()


def test_what_a_test_customer_was_given_as_password_is_not_echoed_elsewhere() -> None:
    redactor = Redactor()
    for password in passwords({"a": [{"password": "Initial-1234"}]}):
        redactor.know_password(password)
    echo = exchange(response_body=b'{"hint": "it is Initial-1234"}', redactor=redactor)
    assert "Initial-1234" not in shown(echo)


def test_redaction_does_not_touch_what_holds_no_secret() -> None:
    body = b'{"b": 1,  "a": "x", "b": 2}'
    assert exchange(request_body=body).as_json()["request_body"] == body.decode()


def test_a_long_body_is_shortened_with_a_note_and_an_absent_one_is_null() -> None:
    one = exchange(request_body=None, response_body=b"x" * (SHOWN_BODY + 50)).as_json()
    assert one["request_body"] is None
    assert one["response_body"].endswith("... [50 more characters]")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12))
def test_the_shell_reads_the_body_as_it_was_sent(text: str) -> None:
    body = json.dumps({"firstName": text}, ensure_ascii=False)
    assert_words(exchange(request_body=body.encode()).as_curl(), body)


def assert_words(command: str, body: str) -> None:
    if "$'" in command:
        return
    words = shlex.split(command)
    assert words[words.index("--data-binary") + 1] == body


@pytest.mark.parametrize("text", ["a\u202eb", "tab\tx'", "\\x41\u0007"])
def test_control_characters_survive_the_shell(text: str) -> None:
    command = exchange(request_body=text.encode()).as_curl()
    argument = command.split("--data-binary ")[1].split(" https://")[0]
    printed = subprocess.run(["bash", "-c", f"printf %s {argument}"], capture_output=True, check=True)
    assert printed.stdout.decode() == text


def test_the_recorder_counts_everything_and_keeps_the_last() -> None:
    recorder = Recorder(kept=3)
    for number in range(5):
        recorder.record("list" if number % 2 else "get", lambda n: exchange(number=n, status=200))
    mark = recorder.mark()
    last = recorder.record("get", lambda n: exchange(number=n, status=404))
    recorder.record_unanswered("get")
    assert recorder.since(mark) == (last,)
    assert len(recorder.since(0)) == 3
    assert recorder.requests() == {
        "total": 7,
        "by_operation": {"get": 5, "list": 2},
        "by_status": {"200": 5, "404": 1, "none": 1},
    }


def test_the_recorder_is_bounded_in_bytes() -> None:
    recorder = Recorder(kept_bytes=1000)
    for _ in range(10):
        recorder.record("get", lambda n: exchange(number=n, response_body=b"x" * 400))
    assert len(recorder.since(0)) == 2
