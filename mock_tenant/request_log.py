"""A log of the requests that a mock tenant received, one JSON object a line."""

import json
from datetime import UTC, datetime
from pathlib import Path

from starlette.requests import Request

HEADERS = ("traceparent", "user-agent")


class LogError(OSError):
    """The log cannot be written; the message is one sentence."""


class RequestLog:
    """Appends to a file: time, method, target, status, and the headers that name the trace and the client."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = path.open("a", buffering=1, encoding="utf-8")
        except OSError as error:
            raise LogError(f"{path} cannot be written ({error.strerror}); name another file.") from error

    def write(self, request: Request, status: int) -> None:
        """Append one request."""
        scope = request.scope
        target = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
        query = scope["query_string"].decode("latin-1")
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "method": request.method,
            "target": f"{target}?{query}" if query else target,
            "status": status,
            **{name: request.headers.get(name, "") for name in HEADERS},
        }
        self._file.write(json.dumps(line) + "\n")
