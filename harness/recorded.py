"""Recorded exchanges of a report: their values, and their names and ids translated to those of this run."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from reporting.model.exchange import Exchange
from reporting.model.mismatch import Alternatives, NoValue, Operand, Value
from strategies import namespace

RUN_NAME: Final = re.compile(r"cct([-_]?)([a-z0-9]{5})(?=[-_]|x\d)", re.IGNORECASE)
"""A name that a run has generated: an id, a word or the local part of an e-mail address."""
SHORTENED: Final = re.compile(r"\.\.\. \[\d+ more characters\]$")
GENERATED: Final = ("id", "customerNumber")
SERVER_TIMES: Final = ("metadata", "metadataCreatedAt", "metadataModifiedAt", "password")
"""Members that differ in every run."""


@dataclass
class IdMapping:
    """Names and ids of the recorded run, translated to those of this run."""

    api_url: str
    tenant: str
    own_tenant: str
    ids: dict[str, str] = field(default_factory=dict)

    def translate(self, value: Any) -> Any:
        """The JSON value with the names of this run and the ids that its tenant has generated."""
        match value:
            case str():
                return self._text(value)
            case list():
                return [self.translate(each) for each in value]
            case dict():
                return {self._text(name): self.translate(each) for name, each in value.items()}
        return value

    def path(self, url: str) -> str:
        """Path and query below the address of the API, in the tenant of this run."""
        path = url.removeprefix(self.api_url.rstrip("/"))
        if path == url:
            pytest.skip("Not checked: its sequence has a request to another address, such as for a token.")
        tenant = re.escape(self.tenant)
        return self._text(re.sub(rf"^/customer/{tenant}(?=[/?]|$)", f"/customer/{self.own_tenant}", path))

    def learn(self, recorded: Any, received: Any) -> None:
        """Map ids that both responses state and that differ."""
        if not isinstance(recorded, dict) or not isinstance(received, dict):
            return
        for name in GENERATED:
            old, new = recorded.get(name), received.get(name)
            if isinstance(old, str) and isinstance(new, str) and old and self._text(old) != new:
                self.ids[old] = new

    def _text(self, text: str) -> str:
        fresh = namespace.prefix().split("-")[1]
        text = RUN_NAME.sub(lambda match: _in_case_of(match, fresh), text)
        if not self.ids:
            return text
        known = "|".join(re.escape(word) for word in sorted(self.ids, key=len, reverse=True))
        return re.sub(rf"(?<![A-Za-z0-9])(?:{known})(?![A-Za-z0-9])", lambda m: self.ids[m.group()], text)


def values_of(operand: Operand) -> Iterator[Any]:
    """The JSON values of an operand of a mismatch; none where it is a rule."""
    match operand:
        case Value(value):
            yield value
        case NoValue():
            yield None
        case Alternatives(several):
            for each in several:
                yield from values_of(each)


def without_server_times(value: Any) -> Any:
    """The JSON value without members that differ in every run."""
    if isinstance(value, list):
        return [without_server_times(each) for each in value]
    if isinstance(value, dict):
        return {name: without_server_times(each) for name, each in value.items() if name not in SERVER_TIMES}
    return value


def _in_case_of(match: re.Match[str], fresh: str) -> str:
    word = f"cct{match.group(1)}{fresh}"
    return word.upper() if match.group().isupper() else word


def has_token(step: Exchange) -> bool:
    """Whether the recorded request was sent with a header Authorization."""
    return any(name.lower() == "authorization" for name, _ in step.request.headers)


def is_shortened(body: str | None) -> bool:
    """Whether a recorded body is longer than a report holds."""
    return SHORTENED.search(body or "") is not None


def is_of_run(own: set[str], shown: Mapping[str, Any]) -> bool:
    """Whether the recorded run has created a listed customer."""
    return any(match.group().lower() in own for match in RUN_NAME.finditer(str(shown.get("contactEmail"))))


def value_at(document: Any, path: str) -> Any:
    """The value at a path such as `$[0].mixins.x`; None where there is none."""
    value = document
    for name, index in re.findall(r"\.([^.\[\]\s;]+)|\[(\d+)\]", path.split(";")[0]):
        if name and isinstance(value, dict):
            value = value.get(name)
        elif index and isinstance(value, list) and int(index) < len(value):
            value = value[int(index)]
        else:
            return None
    return value
