"""The exchanges of a failure as a shell script that sends the same requests with curl.

What is specific to one run becomes a variable: the address, the tenant, the tokens, the prefix of generated names, and
ids that the tenant generated and later requests use.
"""

import re
import shlex
from collections.abc import Mapping, Sequence
from itertools import count
from typing import Final
from urllib.parse import quote

from reporting.model.exchange import Exchange
from reporting.text import escape_invisible

RUN: Final = re.compile(r"\bcct-[a-z0-9]{5}-")
RUN_ASSIGNMENT: Final = (
    "RUN=cct-$(od -An -N4 -tx4 /dev/urandom | tr -d ' ' | cut -c1-5)-  # prefix of generated names"
)
CUT_SHORT: Final = re.compile(r"\.\.\. \[\d+ more characters\]$")
NOT_SENT: Final = frozenset(
    {
        "accept-encoding",
        "connection",
        "content-length",
        "host",
        "traceparent",
        "transfer-encoding",
        "user-agent",
    }
)
"""Headers that curl sets itself, or that belong to the recorded run."""
CREATED: Final = 201
SHORTEST_ID: Final = 6
"""Shorter ids could occur in a request by chance."""
TOKENS: Final[Mapping[str, str]] = {
    "client": "TOKEN",
    "reader": "READER_TOKEN",
    "writer": "WRITER_TOKEN",
    "other": "OTHER_TOKEN",
    "restricted": "RESTRICTED_TOKEN",
}
ID: Final = r"""sed -n 's/.*"id" *: *"\([^"]*\)".*/\1/p'"""
OUTPUT_OPTIONS: Final = "-o /dev/stderr -w '%{http_code}\\n'"


def script(exchanges: Sequence[Exchange], api_url: str, tenant: str) -> str:
    """A POSIX shell script of these exchanges; empty where there are none."""
    if not exchanges:
        return ""
    names = _Names(api_url.rstrip("/"), tenant)
    body: list[str] = []
    for number, exchange in enumerate(exchanges, start=1):
        body += ["", *_step(number, exchange, _generated_id(exchange, exchanges[number:]), names)]
    return "\n".join([*names.preamble(), *body]) + "\n"


class _Names:
    """Replaces what is specific to one run by variables, and records which variables the script needs."""

    def __init__(self, api_url: str, tenant: str) -> None:
        self.api_url, self.tenant = api_url, tenant
        self.variables = {f"/customer/{tenant}/": "/customer/$TENANT/"}
        self.variables |= {api_url: "$API_URL"} if api_url else {}
        self.ids = count(1)
        self.tokens: set[str] = set()

    def new_id(self, text: str) -> str:
        """The name of a new variable for an id that the tenant generated."""
        name = f"ID{next(self.ids)}"
        self.variables[text] = f"${name}"
        return name

    def word(self, text: str) -> str:
        """The text as one shell word, with variables outside of the quotes."""
        self.variables |= dict.fromkeys(RUN.findall(text), "$RUN")
        known = sorted(self.variables, key=len, reverse=True)
        pieces = re.split(f"({'|'.join(map(re.escape, known))})", text)
        word = "".join(
            f'"{self.variables[piece]}"' if piece in self.variables else _quoted(piece) for piece in pieces
        )
        return word.replace('"$API_URL""/customer', '"$API_URL/customer') or "''"

    def preamble(self) -> list[str]:
        """The assignments of the variables that the script uses."""
        lines = [f'API_URL="${{API_URL:-{self.api_url}}}"', f'TENANT="${{TENANT:-{self.tenant}}}"']
        if not re.fullmatch(r"[\w.:/\[\]-]*", self.api_url + self.tenant):
            lines = ['API_URL="${API_URL:?}"', 'TENANT="${TENANT:?}"']
        lines += [f': "${{{name}:?is a token of the tenant}}"' for name in sorted(self.tokens)]
        return lines + ([RUN_ASSIGNMENT] if "$RUN" in self.variables.values() else [])


def _step(number: int, exchange: Exchange, new_id: str, names: _Names) -> list[str]:
    request, identity = exchange.request, exchange.identity
    client = f" as {identity}" if identity else ""
    lines = [f"# {number}. {exchange.operation or 'request'}{client}: {exchange.status or 'no response'}"]
    words = ["curl -sS --path-as-is --globoff", f"-X {shlex.quote(request.method or 'GET')}"]
    words.append(names.word(request.url))
    for name, value in request.headers:
        if name.lower() == "authorization":
            token = TOKENS.get(identity, "TOKEN")
            names.tokens.add(token)
            scheme, space, _ = value.rpartition(" ")
            words.append(f'-H "Authorization: {scheme}{space}${token}"')
        elif name.lower() == "emporix-tenant" and value == names.tenant:
            words.append(f'-H "{name}: $TENANT"')
        elif name.lower() not in NOT_SENT:
            words.append(f"-H {names.word(f'{name}: {value}')}")
    if request.body is not None:
        if CUT_SHORT.search(request.body):
            lines.append(
                "# the report has only the beginning of this body: the pytest command sends all of it"
            )
        words.append(f"--data-binary {names.word(request.body)}")
    command = " \\\n  ".join([" ".join(words[:3]), *words[3:]])
    if new_id:
        variable = names.new_id(new_id)
        return [*lines, f"{variable}=$({command} | {ID})", f'echo "{number}. created ${variable}"']
    return [*lines, f"{command} \\\n  {OUTPUT_OPTIONS}"]


def _generated_id(exchange: Exchange, later: Sequence[Exchange]) -> str:
    """The id that the tenant generated in this response and a later request uses; empty where there is none."""
    body = exchange.response_json if exchange.status == CREATED else None
    created = body.get("id") if isinstance(body, dict) else None
    if not isinstance(created, str) or len(created) < SHORTEST_ID or created in _sent(exchange):
        return ""
    return created if any(created in _sent(each) or quote(created) in _sent(each) for each in later) else ""


def _sent(exchange: Exchange) -> str:
    return f"{exchange.request.url} {exchange.request.body or ''}"


def _quoted(text: str) -> str:
    """A shell word: plain, in POSIX quotes, or as $'...' where a character is invisible."""
    if not text:
        return ""
    if escape_invisible(text) == text:
        return shlex.quote(text)
    return "$'" + "".join(_escaped(each) for each in text) + "'"


def _escaped(character: str) -> str:
    if character in "\\'":
        return f"\\{character}"
    if escape_invisible(character) == character and character.isprintable():
        return character
    return "".join(f"\\x{byte:02x}" for byte in character.encode("utf-8", "surrogatepass"))
