"""The exchanges of a failure as a shell script that sends the same requests again with curl.

What belongs to one run becomes a variable: the address, the tenant, the tokens, the prefix of names that the run
made up, and ids that the tenant generated and later requests name.
"""

import re
import shlex
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from reporting.formats.text import seen

RUN: Final = re.compile(r"\bcct-[a-z0-9]{5}-")
SHORTENED: Final = re.compile(r"\.\.\. \[\d+ more characters\]$")
SET_BY_CURL: Final = frozenset(
    {"host", "content-length", "connection", "accept-encoding", "user-agent", "transfer-encoding"}
)
CREATED: Final = 201
TOKENS: Final[Mapping[str, str]] = {
    "client": "TOKEN",
    "other": "OTHER_TOKEN",
    "restricted": "RESTRICTED_TOKEN",
}
ID: Final = r"""sed -n 's/.*"id" *: *"\([^"]*\)".*/\1/p'"""
SHOWN_APART: Final = "-o /dev/stderr -w '%{http_code}\\n'"


def script(exchanges: Iterable[Mapping[str, Any]], api_url: str, tenant: str) -> str:
    """A POSIX shell script of these exchanges (as in `Failure.exchanges`); empty where there are none."""
    steps = [dict(each) for each in exchanges if isinstance(each.get("request"), Mapping)]
    if not steps:
        return ""
    names = _Names(api_url.rstrip("/"), tenant)
    body: list[str] = []
    for number, step in enumerate(steps, start=1):
        body += ["", *_step(number, step, _generated(step, steps[number:]), names)]
    return "\n".join([*names.preamble(), *body]) + "\n"


class _Names:
    """What stands for what in the words of the script, and which variables they need."""

    def __init__(self, api_url: str, tenant: str) -> None:
        self.api_url, self.tenant = api_url, tenant
        self.ids: dict[str, str] = {}
        self.tokens: set[str] = set()
        self.run = ""

    def word(self, text: str) -> str:
        """The text as one shell word, variables in it outside of its quotes."""
        known = {self.api_url: "API_URL", f"/customer/{self.tenant}/": "TENANT"}
        pattern = "|".join(
            [
                *(re.escape(each) for each in sorted({*self.ids, *known} - {""}, key=len, reverse=True)),
                RUN.pattern,
            ]
        )
        parts, end = [], 0
        for match in re.finditer(pattern, text):
            parts.append(_quoted(text[end : match.start()]))
            parts.append(self._variable(match.group(), known))
            end = match.end()
        word = "".join([*parts, _quoted(text[end:])]) or "''"
        return word.replace('"$API_URL""/customer', '"$API_URL/customer')

    def preamble(self) -> list[str]:
        told = [f'API_URL="${{API_URL:-{self.api_url}}}"', f'TENANT="${{TENANT:-{self.tenant}}}"']
        if not re.fullmatch(r"[\w.:/\[\]-]*", self.api_url + self.tenant):
            told = ['API_URL="${API_URL:?}"', 'TENANT="${TENANT:?}"']
        told += [f': "${{{name}:?is a token of the tenant}}"' for name in sorted(self.tokens)]
        if self.run:
            told.append(
                "RUN=cct-$(od -An -N4 -tx4 /dev/urandom | tr -d ' ' | cut -c1-5)-  # names of a new run"
            )
        return told

    def _variable(self, text: str, known: Mapping[str, str]) -> str:
        if text in self.ids:
            return f'"${self.ids[text]}"'
        if known.get(text) == "TENANT":
            return '"/customer/$TENANT/"'
        if text in known:
            return f'"${known[text]}"'
        self.run = text
        return '"$RUN"'


def _step(number: int, step: Mapping[str, Any], new_id: str, names: _Names) -> list[str]:
    request, response = step["request"], step.get("response") or {}
    identity = str(step.get("identity") or "")
    whom = f" as {identity}" if identity else ""
    lines = [
        f"# {number}. {step.get('operation') or 'request'}{whom}: {response.get('status') or 'no answer'}"
    ]
    words = ["curl -sS --path-as-is --globoff", f"-X {shlex.quote(str(request.get('method') or 'GET'))}"]
    words.append(names.word(str(request.get("url") or "")))
    for name, value in _pairs(request.get("headers")):
        if name.lower() == "authorization":
            token = TOKENS.get(identity, "TOKEN")
            names.tokens.add(token)
            words.append(f'-H "Authorization: Bearer ${token}"')
        elif name.lower() == "emporix-tenant" and value == names.tenant:
            words.append(f'-H "{name}: $TENANT"')
        elif name.lower() not in SET_BY_CURL:
            words.append(f"-H {names.word(f'{name}: {value}')}")
    body = request.get("body")
    if isinstance(body, str):
        if SHORTENED.search(body):
            lines.append("# the body is longer than a report holds: the pytest command sends all of it")
        words.append(f"--data-binary {names.word(body)}")
    command = " \\\n  ".join(_lines(words))
    if new_id:
        variable = names.ids[new_id] = f"ID{len(names.ids) + 1}"
        return [*lines, f"{variable}=$({command} | {ID})", f'echo "{number}. made ${variable}"']
    return [*lines, f"{command} \\\n  {SHOWN_APART}"]


def _generated(step: Mapping[str, Any], later: list[dict[str, Any]]) -> str:
    """The id that this answer made up and a later request names; empty where there is none."""
    response = step.get("response") or {}
    body = response.get("body") if response.get("status") == CREATED else None
    found = re.search(r'"id"\s*:\s*"([^"\\]{6,})"', body) if isinstance(body, str) else None
    if found is None or found.group(1) in str(step["request"].get("body")) + str(step["request"].get("url")):
        return ""
    made = found.group(1)
    asked = [str(each["request"].get("url")) + str(each["request"].get("body")) for each in later]
    return made if any(made in text or quote(made) in text for text in asked) else ""


def _pairs(headers: Any) -> list[tuple[str, str]]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers or ()
    return [(str(name), str(value)) for name, value in pairs]


def _lines(words: list[str]) -> list[str]:
    """The words on lines: what is asked on the first, each header and the body on one of its own."""
    return [" ".join(words[:3]), *words[3:]]


def _quoted(text: str) -> str:
    """A shell word: plain, in POSIX quotes, or as $'...' where a character could not be seen."""
    if not text:
        return ""
    if seen(text) == text:
        return shlex.quote(text)
    return "$'" + "".join(_escaped(each) for each in text) + "'"


def _escaped(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if seen(character) == character and character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
