"""One client for several processes: the controlling process sends the requests of its workers.

A call is the name of a service and its arguments, pickled, over a local socket that requires a key. So all workers
have one token, one rate, one ledger and one guard.
"""

import pickle
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from multiprocessing import AuthenticationError
from multiprocessing import connection as sockets
from multiprocessing.connection import Connection
from typing import Any, Final

from client.errors import BudgetExceeded

Service = Callable[..., Any]
CLOSED_WITHIN: Final = 60.0  # seconds that pending calls may still take when the server closes


class ControllerServer:
    """Executes the calls of workers, each connection on a thread of its own; `address` is that of its socket."""

    def __init__(self) -> None:
        self.key = secrets.token_bytes(32)
        self._listener = sockets.Listener(authkey=self.key)
        self.address = self._listener.address
        self._services: Mapping[str, Service] = {}
        self._open = threading.Event()
        self._condition = threading.Condition()
        self._closed = False
        self._pending = 0
        threading.Thread(target=self._accept, name="controller", daemon=True).start()

    def serve(self, services: Mapping[str, Service]) -> None:
        """Begin to execute calls; earlier ones have waited."""
        self._services = services
        self._open.set()

    def close(self) -> None:
        """Execute no further call, and wait for the pending ones: after this, no worker can send anything."""
        with self._condition:
            self._closed = True
            self._open.set()
            ends = time.monotonic() + CLOSED_WITHIN
            while self._pending and (left := ends - time.monotonic()) > 0:
                self._condition.wait(left)
        with suppress(OSError, EOFError, AuthenticationError):
            sockets.Client(self.address, authkey=self.key).close()  # wakes the thread that accepts

    def _accept(self) -> None:
        while not self._closed:
            try:
                connection = self._listener.accept()
            except (OSError, EOFError, AuthenticationError):
                continue
            threading.Thread(target=self._serve_connection, args=(connection,), daemon=True).start()
        self._listener.close()

    def _serve_connection(self, connection: "Connection[Any, Any]") -> None:
        with connection, suppress(OSError, EOFError):
            while True:
                name, args, rest = connection.recv()
                self._open.wait()
                with self._condition:
                    if self._closed:
                        return
                    self._pending += 1
                try:
                    outcome = self._outcome(name, args, rest)
                finally:
                    with self._condition:
                        self._pending -= 1
                        self._condition.notify_all()
                connection.send_bytes(outcome)

    def _outcome(self, name: str, args: tuple[Any, ...], rest: dict[str, Any]) -> bytes:
        try:
            return pickle.dumps((True, self._services[name](*args, **rest)))
        except Exception as error:
            return pickle.dumps((False, error))


class ControllerConnection:
    """A worker's connection to the controller; safe between threads, each pending call has a socket of its own."""

    def __init__(self, address: Any, key: bytes) -> None:
        self._address, self._key = address, key
        self._lock = threading.Lock()
        self._idle: list[Connection[Any, Any]] = []

    def call(self, name: str, *args: Any, **rest: Any) -> Any:
        """What the service returns, or the exception that it raises; BudgetExceeded where the server is closed."""
        try:
            connection = self._connection()
            try:
                connection.send((name, args, rest))
                done, outcome = pickle.loads(connection.recv_bytes())  # noqa: S301 - from our own process
            except BaseException:
                connection.close()
                raise
        except (OSError, EOFError):
            raise BudgetExceeded(
                "The run is over, or its controller cannot be reached; nothing more is sent."
            ) from None
        with self._lock:
            self._idle.append(connection)
        if not done:
            raise outcome
        return outcome

    def close(self) -> None:
        """Close the idle sockets."""
        with self._lock:
            for connection in self._idle:
                connection.close()
            self._idle.clear()

    def _connection(self) -> "Connection[Any, Any]":
        with self._lock:
            if self._idle:
                return self._idle.pop()
        return sockets.Client(self._address, authkey=self._key)
