"""A proxy before a mock tenant that issues secrets with unusual characters, and leaks them in its responses."""

import base64
import html
import itertools
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, quote_plus, urlencode

import httpx

from client.redaction import passwords

SECRETS = ("EMPORIX_CLIENT_SECRET", "EMPORIX_RESTRICTED_CLIENT_SECRET", "EMPORIX_OTHER_CLIENT_SECRET")


class LeakingProxy:
    """Records the client secrets, tokens and passwords that pass, and leaks them in every spelling."""

    def __init__(self, ready: Mapping[str, Any]) -> None:
        self.url = ""
        self.environ = dict(ready["environ"])
        self.upstream = httpx.Client(base_url=ready["api_url"], timeout=20)
        self.lock = threading.Lock()
        self.numbers = itertools.count(1)
        self.tokens: dict[str, str] = {}
        self.passwords: list[str] = []
        self.secrets: dict[str, str] = {}
        for number, name in enumerate(SECRETS):
            awkward = f"c4nary&{number}/+\"<x>' %y\\z-secret"
            self.secrets[awkward] = self.environ[name]
            self.environ[name] = awkward

    def known(self) -> set[str]:
        """Every secret that no output of a run may contain."""
        with self.lock:
            return {*self.secrets, *self.tokens, *self.passwords}

    def issue_token(self, body: bytes) -> tuple[int, dict[str, Any]]:
        """A token like the upstream's, with the characters that are spelt differently in different places."""
        form = dict(parse_qsl(body.decode(), keep_blank_values=True))
        form["client_secret"] = self.secrets.get(form.get("client_secret", ""), form.get("client_secret", ""))
        answer = self.upstream.post(
            "/oauth/token",
            content=urlencode(form),
            headers={"Content-Type": "application/x-www-form-urlencoded"},
        )
        content: dict[str, Any] = answer.json()
        if "access_token" in content:
            token = f"t0ken/{next(self.numbers)}+canary~{content['access_token']}=="
            with self.lock:
                self.tokens[token] = content["access_token"]
            content["access_token"] = token
        return answer.status_code, content

    def forward(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> httpx.Response:
        """The upstream's answer to the request."""
        try:
            sent = json.loads(body)
        except ValueError:
            sent = None
        with self.lock:
            self.passwords += [each for each in passwords(sent) if len(each) >= 6]
        kept = {k: v for k, v in headers.items() if k.lower() not in ("host", "content-length", "connection")}
        scheme, _, token = kept.get("Authorization", "").partition(" ")
        if token in self.tokens:
            kept["Authorization"] = f"{scheme} {self.tokens[token]}"
        return self.upstream.request(method, target, headers=kept, content=body)

    def leak(self) -> bytes:
        """An error that contains the secrets in every spelling."""
        known = sorted(self.known())[-12:]
        return json.dumps(
            {"status": 500, "message": "; ".join(f for each in known for f in spellings(each))}
        ).encode()


def spellings(secret: str) -> Iterator[str]:
    """The secret in each of the ways in which text may hold it."""
    raw = secret.encode()
    yield secret
    yield quote(secret, safe="")
    yield quote(secret)
    yield quote(secret, safe="").replace("%2F", "%2f").replace("%2B", "%2b")
    yield quote_plus(secret)
    yield json.dumps(secret)[1:-1]
    yield "".join(f"\\u{ord(c):04x}" if c in "&<>'+/\"" else c for c in secret)
    yield html.escape(secret)
    for before in (b"", b"a", b"id:"):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            yield encode(before + raw).decode()
    yield base64.b64encode(raw).decode().rstrip("=")


def traces(secret: str) -> set[bytes]:
    """What of a secret must be in no file: its spellings, and what all base64 with it in the middle has in common."""
    found = {each.encode() for each in spellings(secret)}
    raw = secret.encode()
    for before in range(3):
        for encode in (base64.b64encode, base64.urlsafe_b64encode):
            whole = encode(b"\0" * before + raw).rstrip(b"=")
            found.add(whole[4 if before else 0 : len(whole) // 4 * 4 - 4])
    return {each for each in found if len(each) >= 6}


@contextmanager
def leaking_proxy(ready: Mapping[str, Any]) -> Iterator[LeakingProxy]:
    """The proxy, for as long as the block lasts; it leaks to every PATCH, DELETE and search."""
    proxy = LeakingProxy(ready)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path.endswith("/oauth/token"):
                status, content = proxy.issue_token(body)
                return self.respond(status, json.dumps(content).encode(), {})
            answer = proxy.forward(self.command, self.path, dict(self.headers.items()), body)
            if self.command in ("PATCH", "DELETE") or self.path.partition("?")[0].endswith("/search"):
                debug = quote("; ".join(sorted(proxy.known())[-3:]))
                return self.respond(500, proxy.leak(), {"X-Debug": debug, "Set-Cookie": f"debug={debug}"})
            return self.respond(answer.status_code, answer.content, dict(answer.headers))

        def respond(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in {"Content-Type": "application/json", **headers}.items():
                if name.lower() not in (
                    "content-length",
                    "date",
                    "server",
                    "transfer-encoding",
                    "connection",
                ):
                    self.send_header(name, value)
            if status != 204:
                self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Write no log."""

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: object) -> None:
            """A connection that was dropped is no error."""

    with proxy.upstream, Server(("127.0.0.1", 0), Handler) as server:
        proxy.url = f"http://127.0.0.1:{server.server_address[1]}"
        proxy.environ["EMPORIX_API_URL"] = proxy.url
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            server.shutdown()
            thread.join(5)
