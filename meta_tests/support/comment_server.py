"""A stand-in for the comments of GitHub and the notes of GitLab: lists, creates and updates them."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


class CommentServer(HTTPServer):
    """comments: by id; requests: method, path and token of each; status: rejects every write, if not 0."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.comments: dict[int, str] = {}
        self.requests: list[tuple[str, str, str]] = []
        self.status = 0

    @property
    def url(self) -> str:
        """The address of the API."""
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    server: CommentServer

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        if "page" not in query:  # the report of the target branch, which there is none of
            self._answer(404, {})
            return
        page = int(query["page"][0])
        listed = [{"id": number, "body": body} for number, body in self.server.comments.items()]
        self._answer(200, listed[(page - 1) * 100 : page * 100])

    def do_POST(self) -> None:
        number = len(self.server.comments) + 1
        self._store(number, 201)

    def do_PATCH(self) -> None:
        self._store(int(self.path.rpartition("/")[2]), 200)

    def do_PUT(self) -> None:
        self.do_PATCH()

    def _store(self, number: int, status: int) -> None:
        content = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.server.status:
            self.server.comments[number] = content["body"]
        self._answer(status, {"id": number})

    def _answer(self, status: int, content: Any) -> None:
        token = self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""
        self.server.requests.append((self.command, urlsplit(self.path).path, token))
        body = json.dumps(content).encode()
        self.send_response(self.server.status or status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing."""


@contextmanager
def comment_server() -> Iterator[CommentServer]:
    """A server on a free loopback port."""
    with CommentServer() as server:
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield server
        server.shutdown()
        thread.join()
