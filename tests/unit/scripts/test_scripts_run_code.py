"""Running a file by hand: what it prints goes through untouched, and how it ended is said in plain words."""

from __future__ import annotations

import io
import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from scripts.stack.asking import Reply
from scripts.stack.errors import StackError
from scripts.stack.run_code import STOPPED, main, read, readable, show

NAME_ERROR = {
    "type": "NameError",
    "message": "name 'x' is not defined",
    "line": 2,
    "traceback": 'Traceback (most recent call last):\n  File "program.py", line 2, in <module>\n    print(x)\n',
}
FIGURES = {"duration_ms": 4.4, "peak_memory_kb": 13_396, "backend": "pod"}


def reply(**answer: Any) -> Reply:
    """Return the reply that a run has, with so much of its answer."""
    return Reply(200, {"id": "r1", "status": "answered", "answer": {**FIGURES, **answer}}, 0.05)


def test_a_program_that_ends_well_is_told_with_its_figures() -> None:
    assert readable(reply(outcome="ok", stdout="6\n")) == (
        "✓ It ended well.\n— ran 4 ms, 13 MB at most, in the pod sandbox · 50 ms in all · request r1"
    )


def test_an_error_is_told_with_its_line_below_its_traceback() -> None:
    lines = readable(reply(outcome="error", stderr="careful\n", error=NAME_ERROR, exit_status=1)).splitlines()

    assert lines[:2] == ["careful", "Traceback (most recent call last):"]
    assert lines[-2] == "✗ NameError in line 2: name 'x' is not defined"


def test_what_is_blocked_is_told_with_what_to_use_instead() -> None:
    blocked = {"what": "import socket", "why": "There is no network here.", "instead": "Put it in.", "line": 1}

    said = readable(reply(outcome="blocked", blocked=blocked))

    assert said.startswith("✗ import socket in line 1 is not possible here. There is no network here.\n  Put it in.\n")


@pytest.mark.parametrize("outcome", STOPPED)
def test_a_program_that_was_stopped_is_told_why(outcome: str) -> None:
    assert readable(reply(outcome=outcome)).startswith(f"✗ It was stopped: {STOPPED[outcome]}\n")


def test_where_a_program_was_stopped_is_told_if_it_is_known() -> None:
    error = {"type": "MemoryError", "message": "", "line": 7, "traceback": ""}

    assert readable(reply(outcome="out_of_memory", error=error)).startswith(
        "✗ It was stopped in line 7: it wanted more"
    )


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ({"type": "KeyError", "message": "'a'", "line": None}, "✗ KeyError: 'a'"),
        ({"type": "AssertionError", "message": "", "line": 3}, "✗ AssertionError in line 3"),
        (None, "✗ It ended with exit code 3."),
    ],
)
def test_an_error_is_told_by_as_much_as_is_known(error: dict[str, Any] | None, told: str) -> None:
    assert readable(reply(outcome="error", error=error, exit_status=3)).splitlines()[0] == told


def test_a_refusal_names_what_is_wrong() -> None:
    errors = [{"field": "body.code", "message": "There is no code in it"}]

    said = readable(Reply(422, {"detail": "Please correct body.code.", "errors": errors}, 0.01))

    assert said == "✗ Please correct body.code.\n  body.code: There is no code in it"


@pytest.mark.parametrize(("stdout", "gap"), [("6\n", ""), ("6", "\n"), ("", "")])
def test_what_is_printed_goes_to_standard_output_alone(
    capsys: pytest.CaptureFixture[str], stdout: str, gap: str
) -> None:
    show(reply(outcome="ok", stdout=stdout))

    out, err = capsys.readouterr()
    assert out == stdout
    assert err.startswith(f"{gap}✓ It ended well.")


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.py").write_bytes(b"print('\xff')")

    with pytest.raises(StackError, match=r"nowhere\.py cannot be read: No such file"):
        read(str(tmp_path / "nowhere.py"))
    with pytest.raises(StackError, match=r"odd\.py is not UTF-8"):
        read(str(tmp_path / "odd.py"))


def run(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    """Run the script's own main with arguments, as somebody who has a token."""
    monkeypatch.setenv("LEARNFLOW_TOKEN", "somebodys")
    monkeypatch.setattr(sys, "argv", ["run-code", *arguments])
    return main()


def test_standard_input_is_one_thing_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StackError, match="cannot be both"):
        run(monkeypatch, "-", "--stdin", "-")


@contextmanager
def gateway(*answers: dict[str, Any]) -> Iterator[tuple[str, list[tuple[str, str, Any]]]]:
    """Serve these answers one after another; yield the address, and what is asked as (method, path, body)."""
    left, asked = list(answers), list[tuple[str, str, Any]]()

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append((self.command, self.path, json.loads(body) if body else None))
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(left.pop(0)).encode())

        do_GET = do_POST  # noqa: N815 -- the name that http.server looks for

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", asked
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.mark.parametrize(("outcome", "code"), [("ok", 0), ("error", 1), ("timeout", 1)])
def test_only_a_program_that_ended_well_gives_exit_code_0(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, outcome: str, code: int
) -> None:
    program, said = tmp_path / "program.py", reply(outcome=outcome, stdout="Hello, Ada\n").body
    program.write_text("print('Hello,', input())", "utf-8")
    monkeypatch.setattr(sys, "stdin", io.StringIO("Ada\n"))

    with gateway({"id": "r1", "status": "pending"}, said) as (url, asked):
        left = run(monkeypatch, str(program), "--stdin", "-", "--gateway", url)

    assert left == code
    assert asked == [
        ("POST", "/api/v1/execute", {"code": "print('Hello,', input())", "stdin": "Ada\n"}),
        ("GET", "/api/v1/requests/r1", None),
    ]


def test_the_gateways_own_answer_is_shown_if_wanted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "program.py").write_text("print(6)")
    said = reply(outcome="ok", stdout="6\n").body

    with gateway(said) as (url, _):
        assert run(monkeypatch, str(tmp_path / "program.py"), "--json", "--gateway", url) == 0

    assert json.loads(capsys.readouterr().out) == said
