"""Bytes out, bytes in: requests exactly as given over one pool of connections."""

import os
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Final
from urllib.parse import urlsplit

import httpx

from client.errors import UnsendableError
from client.exchange import Headers

TIMEOUT: Final = httpx.Timeout(connect=10.0, read=30.0, write=30.0, pool=60.0)
LONGEST_ANSWER: Final = 60.0  # seconds for a body that trickles in
# Shorter than the idle time after which servers close, or a request may meet a connection that just ends.
_LIMITS: Final = httpx.Limits(max_connections=64, max_keepalive_connections=32, keepalive_expiry=2.0)
_NEVER_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


class TransportError(Exception):
    """A request without a proper answer; `sent` says whether the tenant may have acted on it."""

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `started` is monotonic, `elapsed` in seconds up to the last byte."""

    response: httpx.Response
    request_headers: Headers
    headers: Headers
    started: float
    elapsed: float


class LiteralURL(httpx.URL):
    """A URL whose request target goes out as given, where httpx would resolve dots and re-encode."""

    def __init__(self, origin: str, target: str) -> None:
        super().__init__(_parsed(origin))
        self._target = target.encode("ascii")

    @property
    def raw_path(self) -> bytes:
        """The request target of RFC 9112 section 3.2."""
        return self._target


@cache
def _parsed(origin: str) -> httpx.URL:
    return httpx.URL(origin)


class NoCookies(httpx.Cookies):
    """Keeps nothing: no cookie of one identity may travel with a request of another.

    Without being asked, too: reading what is not kept would take a fifth of the time on the way.
    """

    def extract_cookies(self, response: httpx.Response) -> None:
        """Leave the answer's cookies alone."""


_NO_COOKIES: Final = NoCookies()


class Cookieless(httpx.Client):
    """A client with no place for cookies."""

    @property
    def cookies(self) -> httpx.Cookies:
        """None, ever."""
        return _NO_COOKIES

    @cookies.setter
    def cookies(self, cookies: object) -> None:
        """Keep none of these."""


class NetworkTransport:
    """One httpx.Client; safe between threads. Proxies and SSL_CERT_FILE come from the environment."""

    def __init__(self, timeout: httpx.Timeout = TIMEOUT, longest_answer: float = LONGEST_ANSWER) -> None:
        self._longest_answer = longest_answer
        self._http = Cookieless(
            timeout=timeout,
            limits=_LIMITS,
            follow_redirects=False,
            trust_env=True,
            verify=_trust(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR")),
        )

    def send(
        self, method: str, origin: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> Answer:
        """Send once; `target` begins with a slash and is ASCII.

        TransportError where no whole answer came; UnsendableError where the request is no HTTP message.
        """
        request = self._request(method, origin, target, headers, body)
        started = time.monotonic()
        try:
            streamed = self._http.send(request, stream=True)
            try:
                response = self._whole(streamed, started)
            finally:
                streamed.close()
        except httpx.LocalProtocolError as error:
            raise UnsendableError(f"{method} {target[:80]} is no HTTP message: {error}.") from None
        except _NEVER_SENT as error:
            raise TransportError(_reason(error), sent=False) from error
        except httpx.RequestError as error:
            raise TransportError(_reason(error), sent=True) from error
        elapsed = time.monotonic() - started
        response.elapsed = timedelta(seconds=elapsed)
        return Answer(response, _text(request.headers), _text(streamed.headers), started, elapsed)

    def close(self) -> None:
        """Close every connection."""
        self._http.close()

    def _request(
        self, method: str, origin: str, target: str, headers: Mapping[str, str], body: bytes | None
    ) -> httpx.Request:
        raw = [(name.encode("latin-1", "replace"), _header_bytes(value)) for name, value in headers.items()]
        request = self._http.build_request(method, origin, headers=raw, content=body)
        request.url = LiteralURL(origin, target)
        return request

    def _whole(self, streamed: httpx.Response, started: float) -> httpx.Response:
        """The answer with its whole body, read within the time that an answer may take."""
        chunks = []
        for chunk in streamed.iter_raw():
            chunks.append(chunk)
            if time.monotonic() - started > self._longest_answer:
                raise httpx.ReadTimeout(f"the body took longer than {self._longest_answer:.0f} s")
        return httpx.Response(
            streamed.status_code,
            headers=streamed.headers,
            content=b"".join(chunks),
            request=streamed.request,
            extensions=streamed.extensions,
        )


@cache
def _trust(file: str | None, folder: str | None) -> ssl.SSLContext:  # noqa: ARG001 - what httpx reads for itself
    """Whom to trust; reading the authorities takes longer than a request, so it is done once."""
    return httpx.create_ssl_context()


def split_url(url: str) -> tuple[str, str]:
    """(origin, path) of a URL, the path exactly as written and without a slash at its end."""
    parts = urlsplit(url)
    origin = f"{parts.scheme}://{parts.netloc}"
    return origin, url[len(origin) :].rstrip("/")


def _header_bytes(value: str) -> bytes:
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode("utf-8", "surrogatepass")


def _text(headers: httpx.Headers) -> Headers:
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers.raw)


def _reason(error: httpx.RequestError) -> str:
    kinds: dict[type[httpx.RequestError], str] = {
        httpx.ConnectTimeout: "no connection within the time allowed",
        httpx.ReadTimeout: "no answer within the time allowed",
        httpx.PoolTimeout: "no free connection within the time allowed",
    }
    kind = kinds.get(type(error), "the connection failed")
    detail = str(error).strip()
    return f"{kind} ({detail})" if detail else f"{kind} ({type(error).__name__})"
