"""A subscriber that does as it is told, and keeps a journal of what it was sent.

ANSWERS is a JSON list, given in turn, the last for ever: {status, headers, body, delay (s), exit (code)}.
JOURNAL is a file of JSON lines. The path /status/503 answers 503; GET /environment tells the environment.
"""

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ANSWERS = json.loads(os.environ.get("ANSWERS", '[{"status": 204}]'))
JOURNAL = os.environ.get("JOURNAL", os.devnull)

lock = threading.Lock()
calls = 0
at_once = 0


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/environment":
            self.answer({"status": 200, "body": json.dumps(dict(os.environ))})
        elif self.path == "/pid":
            self.answer({"status": 200, "body": str(os.getpid())})
        elif self.path.startswith("/broken"):
            self.answer({"status": 200 if Path(os.environ["HEALTHY_WHILE"]).exists() else 500})
        else:
            self.answer({"status": 200})

    def do_POST(self) -> None:
        global calls, at_once
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with lock:
            answer = ANSWERS[min(calls, len(ANSWERS) - 1)]
            calls, at_once = calls + 1, at_once + 1
            self.note(body)
        time.sleep(answer.get("delay", 0))
        if "exit" in answer:
            os._exit(answer["exit"])
        if self.path.startswith("/status/"):
            answer = {"status": int(self.path.removeprefix("/status/"))}
        with lock:
            at_once -= 1
        self.answer(answer)

    def note(self, body: bytes) -> None:
        headers = {name.lower(): value for name, value in self.headers.items()}
        line = {"at": time.time(), "pid": os.getpid(), "path": self.path, "at_once": at_once, "headers": headers}
        with Path(JOURNAL).open("a") as journal:
            journal.write(json.dumps({**line, "body": body.decode(errors="replace")}) + "\n")

    def answer(self, answer: dict) -> None:
        body = answer.get("body", "").encode()
        self.send_response(answer["status"])
        for name, value in answer.get("headers", {}).items():
            self.send_header(name, value)
        if answer["status"] != 204:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A caller that hangs up is nothing to talk about."""


if __name__ == "__main__":
    if said := os.environ.get("SAY"):
        sys.stdout.write(said + "\n")
        sys.stdout.flush()
    if code := os.environ.get("EXIT_AT_START"):
        sys.exit(int(code))
    time.sleep(float(os.environ.get("START_DELAY", "0")))
    Server(("127.0.0.1", int(os.environ["PORT"])), Handler).serve_forever()
