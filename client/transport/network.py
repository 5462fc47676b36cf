"""The network: requests exactly as given, over one pool of connections for each proxy."""

import os
import ssl
import time
from functools import cache
from typing import Final
from urllib.request import getproxies, proxy_bypass

import httpcore
import httpx

from client.errors import ConfigurationError, TransportError, UnsendableError
from client.transport.body import MAX_BYTES, MAX_SECONDS, read_body

RECEIVED_HEADERS: Final = "received_headers"
"""The extension of a response that holds its headers as (name, value) pairs of bytes."""
TIMEOUT: Final = httpx.Timeout(connect=10.0, read=30.0, write=30.0, pool=60.0)
_MAX_CONNECTIONS: Final = 64
_MAX_IDLE: Final = 32
# Shorter than the idle time after which servers close, or a request may meet a connection that just ends.
_KEEPALIVE: Final = 2.0
_NEVER_SENT: Final = (
    httpcore.ConnectError,
    httpcore.ConnectTimeout,
    httpcore.PoolTimeout,
    httpcore.ProxyError,
    httpcore.UnsupportedProtocol,
)


class NetworkTransport(httpx.BaseTransport):
    """Sends a request once; safe between threads.

    The request target is that of the extension "target". httpcore is used directly, because its proxies would apply
    that extension to their own CONNECT request as well. Proxies (HTTP_PROXY, HTTPS_PROXY, ALL_PROXY, NO_PROXY) and
    authorities (SSL_CERT_FILE, SSL_CERT_DIR) come from the environment.
    """

    def __init__(self, timeout: httpx.Timeout = TIMEOUT, *, max_seconds: float = MAX_SECONDS) -> None:
        self._timeout = timeout.as_dict()
        self._max_seconds = max_seconds
        self._ssl_context = _ssl_context(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
        self._proxies = getproxies()
        proxies = {None, *(self._proxy(httpx.URL(f"{scheme}://")) for scheme in ("http", "https"))}
        self._pools = {proxy: self._pool(proxy) for proxy in proxies}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """The response with its whole, decoded body.

        Its headers are in the extension RECEIVED_HEADERS only: so httpx keeps no cookie, parses no redirect and
        decodes nothing a second time. TransportError where no whole response came; UnsendableError where the request
        is no HTTP message.
        """
        method, target = request.method, request.extensions["target"]
        deadline = time.monotonic() + self._max_seconds
        try:
            received = self._pools[self._proxy(request.url)].handle_request(
                httpcore.Request(
                    method,
                    httpcore.URL(
                        scheme=request.url.raw_scheme,
                        host=request.url.raw_host,
                        port=request.url.port,
                        target=target,
                    ),
                    headers=request.headers.raw,
                    content=request.content,
                    extensions={"timeout": self._timeout},
                )
            )
            try:
                body = self._body(received, deadline)
            finally:
                received.close()
        except httpcore.LocalProtocolError as error:
            raise UnsendableError(f"{method} {target[:80].decode()} is no HTTP message: {error}.") from None
        except _NEVER_SENT as error:
            raise TransportError(_reason(error), sent=False) from error
        except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError) as error:
            raise TransportError(_reason(error), sent=True) from error
        return httpx.Response(
            received.status, content=body, request=request, extensions={RECEIVED_HEADERS: received.headers}
        )

    def close(self) -> None:
        """Close every connection."""
        for pool in self._pools.values():
            pool.close()

    def _body(self, received: httpcore.Response, deadline: float) -> bytes:
        codings = b",".join(v for name, v in received.headers if name.lower() == b"content-encoding")
        return read_body(
            received.iter_stream(),
            codings.decode("latin-1"),
            max_bytes=MAX_BYTES,
            deadline=deadline,
            max_seconds=self._max_seconds,
        )

    def _proxy(self, url: httpx.URL) -> str | None:
        """The proxy that the environment names for this URL, unless NO_PROXY names the host or a domain above it."""
        proxy = self._proxies.get(url.scheme) or self._proxies.get("all")
        if not proxy or proxy_bypass(f"{url.host}:{url.port or ''}"):
            return None
        return proxy if "://" in proxy else f"http://{proxy}"

    def _pool(self, proxy_url: str | None) -> httpcore.ConnectionPool:
        if proxy_url is None:
            return httpcore.ConnectionPool(
                self._ssl_context,
                max_connections=_MAX_CONNECTIONS,
                max_keepalive_connections=_MAX_IDLE,
                keepalive_expiry=_KEEPALIVE,
            )
        try:
            proxy = httpx.Proxy(proxy_url)
            kind = httpcore.SOCKSProxy if proxy.url.scheme.startswith("socks5") else httpcore.HTTPProxy
            return kind(
                str(proxy.url),
                proxy_auth=proxy.raw_auth,
                ssl_context=self._ssl_context,
                max_connections=_MAX_CONNECTIONS,
                max_keepalive_connections=_MAX_IDLE,
                keepalive_expiry=_KEEPALIVE,
            )
        except (ValueError, RuntimeError, httpx.InvalidURL) as error:
            raise ConfigurationError(
                f"the proxy of the environment cannot be used ({error}); correct HTTP_PROXY, HTTPS_PROXY or "
                "ALL_PROXY."
            ) from None


@cache
def _ssl_context(file: str | None, folder: str | None) -> ssl.SSLContext:  # noqa: ARG001 - httpx reads both itself
    """The trusted authorities; reading them takes longer than a request, so they are read once.

    ConfigurationError where the variables name no certificates.
    """
    try:
        return httpx.create_ssl_context()
    except OSError as error:  # also ssl.SSLError
        raise ConfigurationError(
            f"the certificates of SSL_CERT_FILE or SSL_CERT_DIR cannot be read ({error}); name a PEM file or a folder."
        ) from None


def _reason(error: Exception) -> str:
    kinds: dict[type[Exception], str] = {
        httpcore.ConnectTimeout: "no connection within the time allowed",
        httpcore.ReadTimeout: "no response within the time allowed",
        httpcore.PoolTimeout: "no free connection within the time allowed",
    }
    kind = kinds.get(type(error), "the connection failed")
    return f"{kind} ({str(error).strip() or type(error).__name__})"
