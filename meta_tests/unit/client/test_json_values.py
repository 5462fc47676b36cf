"""JSON as the client reads it: what is no JSON is ABSENT, and a number may have any number of digits (RFC 8259 §6)."""

from decimal import Decimal
from typing import Any

import pytest

from client import ABSENT
from client.json_values import parsed

LONG = "9" * 5_000


@pytest.mark.parametrize(
    ("text", "value"),
    [
        (f'{{"n": {LONG}}}', {"n": Decimal(LONG)}),
        (f"[-{LONG}]", [Decimal(f"-{LONG}")]),
        ("[12, 1.5]", [12, 1.5]),
        ("{", ABSENT),
        ("[" * 100_000, ABSENT),
        (b"\xff", ABSENT),
    ],
)
def test_a_body_is_parsed(text: str | bytes, value: Any) -> None:
    assert parsed(text) == value
    assert type(parsed("12")) is int
