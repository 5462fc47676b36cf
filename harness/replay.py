"""A failure of a report asked again: its minimal sequence, as customers of this run, and judged by what was accepted.

Names that the recorded run made up are replaced by those of this run, and ids that the tenant generates are followed
through. Customers that an earlier test had made are made anew, as far as the report shows them.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

import pytest

import oracle
from client import ABSENT, Exchange
from harness.polling import settled
from harness.tenant_under_test import TenantUnderTest
from reporting.replay import SHORTENED, decisive, recorded_json, value_at
from spec import Violation
from strategies import customers, namespace

RUN: Final = re.compile(r"cct([-_]?)([a-z0-9]{5})(?=[-_]|x\d)", re.IGNORECASE)
NOT_SENT: Final = frozenset(
    {
        "host",
        "content-length",
        "connection",
        "accept-encoding",
        "user-agent",
        "authorization",
        "transfer-encoding",
    }
)
REDACTED: Final = "[redacted]"
STATUSES: Final = re.compile(r"[1-5]\d\d(?: or [1-5]\d\d)*(?!\d)")
RANGE: Final = re.compile(r"no status from (\d+) to (\d+)")
VALUE: Final = re.compile(r"""["\[{…]|-?\d|null\b|true\b|false\b|nothing\b""")
GENERATED: Final = ("id", "customerNumber")


@dataclass
class Retelling:
    """The words of the recorded run in those of this one."""

    api_url: str
    tenant: str
    home: str
    words: dict[str, str] = field(default_factory=dict)

    def told(self, text: str) -> str:
        """The text with the names of this run, and with the ids that this tenant generated."""
        fresh = namespace.prefix().split("-")[1]
        text = RUN.sub(lambda match: _like(match, fresh), text)
        if not self.words:
            return text
        known = "|".join(re.escape(word) for word in sorted(self.words, key=len, reverse=True))
        return re.sub(rf"(?<![A-Za-z0-9])(?:{known})(?![A-Za-z0-9])", lambda m: self.words[m.group()], text)

    def path(self, url: str) -> str:
        """Path and query below the API URL, in the tenant of this run."""
        path = url.removeprefix(self.api_url.rstrip("/"))
        if path == url:
            pytest.skip(
                "Not asked: its sequence has a request to another address than the API, such as for a token."
            )
        return self.told(
            re.sub(rf"^/customer/{re.escape(self.tenant)}(?=[/?]|$)", f"/customer/{self.home}", path)
        )

    def learn(self, recorded: Any, came: Any) -> None:
        """Ids that both answers state and that differ are those of one customer."""
        if not isinstance(recorded, dict) or not isinstance(came, dict):
            return
        for name in GENERATED:
            old, new = recorded.get(name), came.get(name)
            if isinstance(old, str) and isinstance(new, str) and old and self.told(old) != new:
                self.words[old] = new


def _like(match: re.Match[str], fresh: str) -> str:
    word = f"cct{match.group(1)}{fresh}"
    return word.upper() if match.group().isupper() else word


def replayed(
    tenant: TenantUnderTest, clause: str, target: Mapping[str, Any], failure: Mapping[str, Any]
) -> None:
    """Send the sequence of the failure, and demand what was accepted; what cannot be asked skips the test."""
    steps = list(failure["exchanges"])
    if clause.startswith("concurrency."):
        pytest.skip("Not asked: it needs requests at the same moment, which a sequence cannot repeat.")
    if not steps:
        pytest.skip("Not asked: the report holds no exchange of it.")
    home = tenant.client.home(tenant.identity)
    retelling = Retelling(target["api_url"], target["tenant"], home)
    _askable(tenant, clause, steps)
    _arrange(tenant, steps, retelling)
    judged = decisive(failure)
    for number, step in enumerate(steps):
        if number != judged:
            retelling.learn(recorded_json(step), _sent(tenant, step, retelling).json)
            continue

        def ask(step: Mapping[str, Any] = step) -> Exchange:
            exchange = _sent(tenant, step, retelling)
            _demand(clause, failure, step, exchange, retelling)
            return exchange

        reads = step["request"]["method"] == "GET" or step["operation"] == "search"
        exchange = settled(_window(tenant, step, steps) if reads else 0.0, ask)
        retelling.learn(recorded_json(step), exchange.json)
    tenant.trial.credit(clause)


def _askable(tenant: TenantUnderTest, clause: str, steps: Sequence[Mapping[str, Any]]) -> None:
    if re.search(r"\.auth\.token-valid$|^token\.", clause):
        pytest.skip("Not asked: the report does not hold the token that was sent.")
    if clause.endswith(".auth.token-required") and all(_header(step, "authorization") for step in steps):
        pytest.skip("Not asked: the report does not hold the header that was sent.")
    for step in steps:
        if SHORTENED.search(str(step["request"].get("body") or "")):
            pytest.skip("Not asked: a body of it is longer than a report holds.")
        if step["identity"] not in tenant.client.identities():
            pytest.skip(f"Not asked: there is no client for the identity {step['identity']}.")


def _arrange(tenant: TenantUnderTest, steps: Sequence[Mapping[str, Any]], retelling: Retelling) -> None:
    """Make the customers that were there before the sequence began, as it shows them before it changes them."""
    for customer_id, shown in _there_before(steps, retelling.tenant).items():
        named = RUN.match(customer_id) is not None and tenant.custom_ids
        body = {name: value for name, value in shown.items() if name in oracle.WRITABLE and value is not None}
        body.pop("password", None)
        told = customers.plain(**({"id": retelling.told(customer_id)} if named else {}))
        for name, value in body.items():
            told[name] = _retold(value, retelling)
        made = tenant.create(told)
        if made.status != 201 or not isinstance(made.json, dict):
            pytest.skip(
                f"Not asked: a customer that was there before cannot be made; create answers {made.status}."
            )
        if made.json.get("id") != retelling.told(customer_id):
            retelling.words[customer_id] = str(made.json.get("id"))


def _there_before(steps: Sequence[Mapping[str, Any]], tenant: str) -> dict[str, dict[str, Any]]:
    """The ids that the sequence finds without having made them, with what it first shows of each."""
    made, before = set[str](), dict[str, dict[str, Any]]()
    own = {match.group().lower() for step in steps for match in RUN.finditer(str(step["request"]))}
    for step in steps:
        body, status = recorded_json(step), (step.get("response") or {}).get("status") or 0
        if not 200 <= status < 300:
            continue
        if step["operation"] in ("create", "upsert") and status == 201 and isinstance(body, dict):
            made.add(str(body.get("id")))
        elif found := re.search(
            rf"/customer/{re.escape(tenant)}/customers/([^/?]+)(?=$|\?)", step["request"]["url"]
        ):
            customer_id = unquote(found.group(1))
            if step["operation"] in ("get", "patch", "upsert", "delete") and customer_id not in made:
                shown = body if step["operation"] == "get" and isinstance(body, dict) else {}
                before.setdefault(customer_id, shown)
        for shown in body if isinstance(body, list) else ():
            if isinstance(shown, dict) and str(shown.get("id")) not in made and _of(own, shown):
                before.setdefault(str(shown.get("id")), shown)
    return before


def _of(own: set[str], shown: Mapping[str, Any]) -> bool:
    """Whether a listed customer was made by the recorded run rather than by somebody else."""
    return any(match.group().lower() in own for match in RUN.finditer(str(shown.get("contactEmail"))))


def _retold(value: Any, retelling: Retelling) -> Any:
    if isinstance(value, str):
        return retelling.told(value)
    if isinstance(value, list):
        return [_retold(each, retelling) for each in value]
    if isinstance(value, dict):
        return {retelling.told(name): _retold(each, retelling) for name, each in value.items()}
    return value


def _sent(tenant: TenantUnderTest, step: Mapping[str, Any], retelling: Retelling) -> Exchange:
    request = step["request"]
    body = request.get("body")
    content = None
    if body is not None:
        secret = namespace.fresh_password()
        content = retelling.told(body.replace(REDACTED, secret)).encode("utf-8", "surrogatepass")
    return tenant.client.send(
        request["method"],
        retelling.path(request["url"]),
        operation=step["operation"],
        identity=step["identity"],
        content=content,
        headers=list(_headers(step, retelling)),
        authorization=ABSENT if _header(step, "authorization") else None,
    )


def _headers(step: Mapping[str, Any], retelling: Retelling) -> Iterator[tuple[str, str]]:
    for name, value in step["request"].get("headers") or ():
        of_the_tenant = name.lower() == "emporix-tenant" and value == retelling.tenant
        if name.lower() not in NOT_SENT and not of_the_tenant:
            yield name, retelling.told(value)


def _header(step: Mapping[str, Any], wanted: str) -> str:
    pairs = step["request"].get("headers") or ()
    return next((value for name, value in pairs if name.lower() == wanted), "")


def _window(tenant: TenantUnderTest, step: Mapping[str, Any], steps: Sequence[Mapping[str, Any]]) -> float:
    windows = tenant.windows
    deletes = any(each["operation"] == "delete" for each in steps)
    by_id = windows.deletion if deletes else windows.read
    return by_id if step["operation"] == "get" else max(windows.index, windows.deletion if deletes else 0.0)


def _demand(
    clause: str, failure: Mapping[str, Any], step: Mapping[str, Any], came: Exchange, retelling: Retelling
) -> None:
    expected, actual, detail = (str(failure[name]) for name in ("expected", "actual", "detail"))
    said = f"{came.status} {came.response_body[:160].decode('utf-8', 'backslashreplace')}".strip()

    def broken(now: str) -> Violation:
        return Violation(clause, expected=retelling.told(expected), actual=now, detail=detail)

    if (found := RANGE.match(expected)) or expected.startswith(("no 5xx", "no server error")):
        first, last = (int(found.group(1)), int(found.group(2))) if found else (500, 599)
        if first <= came.status <= last:
            raise broken(said)
    elif (found := STATUSES.match(expected)) and STATUSES.match(actual) and not detail.startswith("$"):
        if str(came.status) not in found.group().split(" or "):
            raise broken(said)
    elif detail == "header Count":
        length = len(came.json) if isinstance(came.json, list) else None
        if came.header("Count") != str(length):
            raise broken(f"Count: {came.header('Count')}")
    elif detail.startswith("$"):
        retelling.learn(recorded_json(step), came.json)
        before, now = (value_at(document, detail) for document in (recorded_json(step), came.json))
        shown = oracle.show(oracle.ABSENT if now is None and "nothing" in actual else now)
        if VALUE.match(expected) and retelling.told(expected).startswith(shown):
            return
        if VALUE.match(expected) or _retold(before, retelling) == now:
            raise broken(shown)
    elif SHORTENED.search(str((step.get("response") or {}).get("body") or "")):
        pytest.skip(
            "Not asked: the answer is longer than a report holds, so nothing can be compared with it."
        )
    else:
        retelling.learn(recorded_json(step), came.json)
        if came.status == step["response"]["status"] and _retold(
            _bare(recorded_json(step)), retelling
        ) == _bare(came.json):
            raise broken(said)


def _bare(value: Any) -> Any:
    """The value without what a tenant makes anew each time."""
    if isinstance(value, list):
        return [_bare(each) for each in value]
    if isinstance(value, dict):
        moving = ("metadata", "metadataCreatedAt", "metadataModifiedAt", "password")
        return {name: _bare(each) for name, each in value.items() if name not in moving}
    return value
