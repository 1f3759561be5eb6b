"""A partner's system that listens: a real HTTP server, with a check of signatures of its own."""

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


@dataclass(frozen=True)
class Message:
    """What came in, as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def said(self) -> Any:
        return json.loads(self.body)

    def signed_by(self, secret: str) -> bool:
        """As a partner would write it, from the text of the standard."""
        key = base64.b64decode(secret[len("whsec_") :])
        parts = (self.headers["webhook-id"], self.headers["webhook-timestamp"], self.body.decode())
        mac = hmac.new(key, ".".join(parts).encode(), hashlib.sha256).digest()
        wanted = "v1," + base64.b64encode(mac).decode()
        fresh = abs(time.time() - int(self.headers["webhook-timestamp"])) < 300
        return fresh and wanted in self.headers["webhook-signature"].split(" ")


class Receiver(ThreadingHTTPServer):
    """Answers 200, or what `answer` says; `headers` go along with the answer."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.taken: list[Message] = []
        self.answer = 200
        self.headers: dict[str, str] = {}
        self.before_answer: Callable[[], object] = lambda: None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/baken?from=baken"

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, args=[0.02], daemon=True).start()
        return self

    def __exit__(self, *error: object) -> None:
        self.shutdown()
        self.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: Receiver

    def do_POST(self) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(headers["content-length"]))
        self.server.taken.append(Message(self.path, headers, body))
        self.server.before_answer()
        self.send_response(self.server.answer)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_GET(self) -> None:
        """Where who follows a redirect would come out."""
        self.do_POST()

    def log_message(self, *_: object) -> None:
        """Say nothing."""
