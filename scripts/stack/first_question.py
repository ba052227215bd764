"""The proof that it works: a real question, its real answer, and how long that took."""

from __future__ import annotations

from textwrap import indent

import httpx

from scripts.stack.answers import heading
from scripts.stack.ask import ask, milliseconds, timing
from scripts.stack.asking import Reply
from scripts.stack.errors import StackError
from scripts.stack.progress import Progress

QUESTION = "What is a for loop in Python?"
LINES_SHOWN = 14
PATIENCE_SECONDS = 30


def ask_first_question(gateway: str, who: httpx.Auth, progress: Progress) -> None:
    """Ask through the gateway and print the answer. Raises StackError if none comes."""
    with progress.step("First question"):
        reply = _ask(gateway, who)
        if not reply.answer:
            raise StackError(
                f"The first question got no answer (HTTP {reply.status}): {reply.body}\n"
                "'scripts/status' shows the functions; their logs are in .local/run/logs."
            )
    progress.line(shown(reply, again=_ask(gateway, who)))


def _ask(gateway: str, who: httpx.Auth) -> Reply:
    return ask(gateway, {"question": QUESTION}, who=who, timeout_seconds=PATIENCE_SECONDS)


def shown(reply: Reply, *, again: Reply) -> str:
    """The question, the beginning of the answer, and the times: functions may have started, then they were there."""
    answer = reply.answer
    lines = f"{heading(answer)}\n\n{answer.get('explanation') or answer.get('message')}".strip().splitlines()
    more = f'… ({len(lines) - LINES_SHOWN} more lines, examples and a diagram: scripts/ask "{QUESTION}")'
    text = "\n".join(lines[:LINES_SHOWN] + ([more] if len(lines) > LINES_SHOWN else []))
    text = indent(text, "  │ ", predicate=lambda _: True)
    return f"\n  You ask:  {QUESTION}\n\n{text}\n\n  {timing(reply)}\n  — asked again: {milliseconds(again)}"
