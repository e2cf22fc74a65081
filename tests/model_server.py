"""A server that speaks OpenAI's protocol and says what a test has written for it."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Script = Callable[[dict[str, Any]], str]
"""What the model says to a request's body."""


@dataclass
class ModelServer:
    """Where it listens, what it was sent, and how it answers."""

    url: str
    script: Script
    status: int = 200
    streams: bool = True
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)


@contextmanager
def model_server(script: Script) -> Iterator[ModelServer]:
    """A server on a port of its own, for as long as it is needed."""
    known: list[ModelServer] = []

    class Handler(BaseHTTPRequestHandler):
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            server = known[0]
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.bodies.append(body)
            server.headers.append(dict(self.headers))
            said = server.script(body)
            self.send_response(server.status if self.path == "/v1/chat/completions" else 404)
            self.send_header("Content-Type", "text/event-stream" if server.streams else "application/json")
            self.end_headers()
            if not server.streams:
                self.wfile.write(json.dumps({"choices": [{"message": {"content": said}}]}).encode())
                return
            for start in range(0, len(said), 7):
                delta = {"choices": [{"delta": {"content": said[start : start + 7]}}]}
                self.wfile.write(f"data: {json.dumps(delta)}\n\n".encode())
            self.wfile.write(b"data: [DONE]\n\n")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    known.append(ModelServer(f"http://127.0.0.1:{http.server_address[1]}/v1", script))
    thread = threading.Thread(target=http.serve_forever)
    thread.start()
    try:
        yield known[0]
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
