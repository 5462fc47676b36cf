"""A mismatch as a report stores it."""

import json

from pydantic import TypeAdapter

from reporting import Failure
from spec import Kind, Mismatch, OneOf


def test_a_failure_is_redacted_and_long_values_are_cut() -> None:
    secret = "hunter2hunter2"
    failure = Failure.of(
        Mismatch(
            Kind.VALUE,
            expected=OneOf((["x" * 5_000, secret], {secret: 1})),
            actual=list(range(5_000)),
            path=f"$.mixins.{secret}",
            about=f"a name such as {secret}",
        ),
        example=f"test(name={secret!r})",
        redacted=lambda text: text.replace(secret, "[redacted]"),
    )
    text = json.dumps(TypeAdapter(Failure).dump_python(failure, mode="json"))
    assert secret not in text
    assert text.count("[redacted]") > 4
    assert len(text) < 5_000
    assert "4,000 characters more" in text
    assert "4,900 items more" in text
    assert failure.signature == "$.mixins.[redacted]: an array instead of an array or an object"
