"""`scripts/run-code`: a program through the gateway into the sandbox, and what came of it made readable."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from scripts.stack import addresses, cli
from scripts.stack.asking import Reply, command
from scripts.stack.errors import StackError
from scripts.stack.login import log_in
from scripts.stack.places import here

STOPPED = {
    "timeout": "it ran longer than a program may. Is there a loop that never ends?",
    "out_of_memory": "it wanted more memory than a program may have.",
    "output_limit": "it printed more than a program may. The end is cut off.",
    "killed": "it crashed, or did what no program here may.",
}


def main() -> int:
    options = _options()
    if options.file == options.stdin == "-":
        raise StackError("Standard input cannot be both the program and what it reads.")
    program = {"code": read(options.file)} | ({"stdin": read(options.stdin)} if options.stdin else {})
    url = options.gateway or addresses.gateway_url()
    who = log_in(here(), url, options.who, here=options.gateway is None)
    reply = command(url, "/api/v1/execute", program, who=who, timeout_seconds=options.timeout)
    if options.json:
        print(json.dumps(reply.body, indent=2, ensure_ascii=False))
    else:
        show(reply)
    return 0 if reply.answer.get("outcome") == "ok" else 1


def read(name: str) -> str:
    """The text of a file, or of standard input for `-`. Raises StackError if there is none."""
    try:
        return sys.stdin.read() if name == "-" else Path(name).read_text("utf-8")
    except OSError as error:
        raise StackError(f"{name} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise StackError(f"{name} is not UTF-8 text.") from error


def show(reply: Reply) -> None:
    """What the program printed, on standard output; what went wrong and the figures, on standard error."""
    printed = str(reply.answer.get("stdout", ""))
    sys.stdout.write(printed)
    sys.stdout.flush()
    gap = "" if printed.endswith("\n") or not printed else "\n"
    print(gap + readable(reply), file=sys.stderr)


def readable(reply: Reply) -> str:
    """All there is to say of a run but what it printed."""
    answer = reply.answer
    if "outcome" not in answer:
        return f"✗ {answer.get('message') or reply.said}"
    error = answer.get("error") or {}
    parts = [str(answer.get("stderr") or ""), str(error.get("traceback") or ""), verdict(answer), figures(reply)]
    return "\n".join(part.rstrip() for part in parts if part)


def verdict(answer: dict[str, Any]) -> str:
    """How the program ended, in one line or two."""
    outcome, error, blocked = answer["outcome"], answer.get("error"), answer.get("blocked")
    if outcome == "ok":
        return "✓ It ended well."
    if blocked:
        return f"✗ {blocked['what']}{_line(blocked)} is not possible here. {blocked['why']}\n  {blocked['instead']}"
    if outcome in STOPPED:
        return f"✗ It was stopped{_line(error or {})}: {STOPPED[outcome]}"
    if error:
        return f"✗ {error['type']}{_line(error)}: {error['message']}".removesuffix(": ")
    return f"✗ It ended with exit code {answer.get('exit_status')}."


def _line(where: dict[str, Any]) -> str:
    return f" in line {where['line']}" if where.get("line") else ""


def figures(reply: Reply) -> str:
    """How long it took and what it needed, in one line."""
    answer = reply.answer
    ran, memory = answer.get("duration_ms", 0), answer.get("peak_memory_kb", 0) / 1024
    return (
        f"— ran {ran:.0f} ms, {memory:.0f} MB at most, in the {answer.get('backend') or 'unnamed'} sandbox"
        f" · {reply.seconds * 1000:.0f} ms in all · request {reply.body.get('id', '?')}"
    )


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/run-code", add_help=False, allow_abbrev=False)
    parser.add_argument("file")
    parser.add_argument("--stdin")
    parser.add_argument("--as", dest="who")
    parser.add_argument("--timeout", type=float, default=30)
    parser.add_argument("--gateway")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    cli.run(main)
