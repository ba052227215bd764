"""`scripts/ask`: a question through the gateway, as a learner's client asks it, and the answer made readable."""

from __future__ import annotations

import argparse
import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from textwrap import indent
from typing import Any

import httpx

from scripts.stack import addresses, cli
from scripts.stack.errors import StackError

LONGEST_WAIT_SECONDS = 30  # the gateway's own bound; whoever waits longer asks again
LEVELS = ("beginner", "elementary", "intermediate", "advanced")


@dataclass(frozen=True)
class Reply:
    """What came back, and how long it took in all."""

    status: int
    body: dict[str, Any]
    seconds: float

    @property
    def answer(self) -> dict[str, Any]:
        """The answer's own fields; empty while there is none."""
        return dict(self.body.get("answer") or {})


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
    reply = ask(url, question, learner=options.learner, timeout_seconds=options.timeout)
    print(json.dumps(reply.body, indent=2, ensure_ascii=False) if options.json else readable(reply))
    return 0 if reply.status < 400 and reply.body.get("status") in {"answered", "declined"} else 1


def ask(gateway: str, question: dict[str, str], *, learner: str, timeout_seconds: float) -> Reply:
    """Ask and wait for the answer. Raises StackError if the gateway cannot be reached."""
    with httpx.Client(base_url=gateway, timeout=LONGEST_WAIT_SECONDS + 10, trust_env=False) as client:
        began = time.monotonic()
        deadline = began + timeout_seconds
        try:
            answer = client.post("/api/v1/query", json=question, headers=_headers(learner, deadline))
            while answer.is_success and _body(answer).get("status") == "pending" and time.monotonic() < deadline:
                path = f"/api/v1/requests/{_body(answer)['id']}"
                answer = client.get(path, headers=_headers(learner, deadline))
                time.sleep(0.1)
        except httpx.HTTPError as error:
            raise StackError(f"The gateway {gateway} does not answer: {error}. Is it up? 'scripts/status'") from error
    return Reply(answer.status_code, _body(answer), time.monotonic() - began)


def _headers(learner: str, deadline: float) -> dict[str, str]:
    wait = min(LONGEST_WAIT_SECONDS, max(1, round(deadline - time.monotonic())))
    return {"Prefer": f"wait={wait}", "X-Learner-Id": learner}


def _body(answer: httpx.Response) -> dict[str, Any]:
    try:
        return dict(answer.json())
    except ValueError as error:
        raise StackError(f"The gateway answers {answer.status_code} without JSON: {answer.text[:200]}") from error


def readable(reply: Reply) -> str:
    """The whole answer as a person would want to read it in a terminal."""
    parts = [*_said(reply), *_examples(reply.answer), *_rest(reply.answer), timing(reply)]
    return "\n\n".join(part for part in parts if part)


def _said(reply: Reply) -> list[str]:
    answer = reply.answer
    if not answer:
        return [str(reply.body.get("detail") or reply.body.get("title") or f"No answer yet: {reply.body}")]
    return [heading(answer), str(answer.get("explanation") or answer.get("message") or "").strip()]


def heading(answer: dict[str, Any]) -> str:
    if "title" not in answer:
        return ""
    title = f"{answer['title']} ({answer.get('level', '')})".replace(" ()", "")
    return f"{title}\n{'═' * len(title)}"


def _examples(answer: dict[str, Any]) -> list[str]:
    return [
        f"▸ {example['title']}\n{indent(example['code'].rstrip(), '    ')}\n"
        f"  prints\n{indent(example['output'].rstrip(), '    ')}"
        for example in answer.get("examples") or []
    ]


def _rest(answer: dict[str, Any]) -> list[str]:
    near = [topic["title"] for topic in answer.get("near_topics") or []]
    return [
        indent(str(answer.get("diagram") or "").strip(), "  "),
        f"Near: {', '.join(near)}" if near else "",
        "\n".join(f"Ask, for example: {suggestion}" for suggestion in answer.get("suggestions") or []),
    ]


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
    parser.add_argument("--learner", default="demo")
    parser.add_argument("--level", choices=LEVELS)
    parser.add_argument("--timeout", type=float, default=30)
    parser.add_argument("--gateway")
    parser.add_argument("--json", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    cli.run(main)
