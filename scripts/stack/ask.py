"""`scripts/ask`: a question through the gateway, as a learner's client asks it, and the answer made readable."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import httpx

from scripts.stack import addresses, cli
from scripts.stack.answers import parts_of
from scripts.stack.asking import Reply, command
from scripts.stack.login import log_in
from scripts.stack.places import here

LEVELS = ("beginner", "elementary", "intermediate", "advanced")


def main() -> int:
    options = _options()
    question = {
        "question": options.question if options.level is None else f"{options.question} ({options.level} level)"
    }
    if options.code:
        question["code"] = sys.stdin.read() if options.code == "-" else Path(options.code).read_text()
    if options.error:
        question["error_message"] = options.error
    url = options.gateway or addresses.gateway_url()
    who = log_in(here(), url, options.who, here=options.gateway is None)
    reply = ask(url, question, who=who, timeout_seconds=options.timeout)
    print(json.dumps(reply.body, indent=2, ensure_ascii=False) if options.json else readable(reply))
    return 0 if reply.status < 400 and reply.body.get("status") in {"answered", "declined"} else 1


def ask(gateway: str, question: dict[str, str], *, who: httpx.Auth, timeout_seconds: float) -> Reply:
    """Ask and wait for the answer. Raises StackError if the gateway cannot be reached, or knows nobody."""
    return command(gateway, "/api/v1/query", question, who=who, timeout_seconds=timeout_seconds)


def readable(reply: Reply) -> str:
    """The whole answer as a person would want to read it in a terminal."""
    said = parts_of(reply.answer) if reply.answer else [reply.said]
    return "\n\n".join(part for part in (*said, timing(reply)) if part)


def milliseconds(reply: Reply) -> str:
    return f"{reply.seconds * 1000:.0f} ms"


def timing(reply: Reply) -> str:
    """How long it took and which way it went, in one line."""
    body, confidence = reply.body, reply.body.get("confidence")
    way = f"{body['routed_to']}" if body.get("routed_to") else str(body.get("status", "refused"))
    sure = f", {confidence:.0%} sure" if isinstance(confidence, float | int) else ""
    by = f", by the {reply.answer['answered_by']} tutor" if reply.answer.get("answered_by") else ""
    return f"— {milliseconds(reply)} · routed to {way}{sure}{by} · request {body.get('id', '?')}"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/ask", add_help=False, allow_abbrev=False)
    parser.add_argument("question")
    parser.add_argument("--code")
    parser.add_argument("--error")
    parser.add_argument("--as", dest="who")
    parser.add_argument("--level", choices=LEVELS)
    parser.add_argument("--timeout", type=float, default=30)
    parser.add_argument("--gateway")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    cli.run(main)
