"""The last words of `scripts/up`: where everything is, who can log in, and how to go on."""

from __future__ import annotations

import json
from collections.abc import Sequence

from scripts.stack.config import BROKER_PATH
from scripts.stack.demo import Account
from scripts.stack.doctor import Plan

OPEN_TO_ALL = (
    "Nobody has to log in (--no-login): whoever asks is who they say they are. For trying things out alone, on this "
    "machine; nobody else's data belongs in it."
)
QUESTION = "What does await do in Python?"
JSON = "-H 'Content-Type: application/json'"


def farewell(plan: Plan, database_url: str, accounts: Sequence[Account], *, model: str) -> str:
    """The addresses, the accounts, and what to do next."""
    options = plan.options
    gateway = f"http://127.0.0.1:{options.gateway_port}"
    widths = [max(map(len, column)) for column in zip(*((a.username, a.password) for a in accounts), strict=True)]
    people = "\n".join(
        f"  {each.username:<{widths[0]}}   password {each.password:<{widths[1]}}   a {each.role}" for each in accounts
    )
    learner = next((each for each in accounts if each.role == "learner"), None) if options.login else None
    return f"""
LearnFlow runs here:
  API          {gateway}/docs
  Live         ws://127.0.0.1:{options.realtime_port}/ws/chat/<your id>
  Broker       http://127.0.0.1:{options.port}{BROKER_PATH}
  Kafka        {plan.bootstrap or "none: events are in memory"}
  PostgreSQL   {_without_password(database_url)}
  Model        {model}

{"Log in as" if options.login else "! Nobody has to log in here. Who could:"}
{people}

Ask over HTTP:
{curl(gateway, learner)}

Next:
  scripts/ask "How do Python functions work?"
  scripts/send --list    events to send by hand
  scripts/status         what runs and what it did
  scripts/down           stop it again"""


def curl(gateway: str, account: Account | None) -> str:
    """Commands for a shell that ask a question: as somebody who logs in for it, or where nobody has to."""
    question = f"{JSON} -H 'Prefer: wait=10' \\\n      -d '{json.dumps({'question': QUESTION})}'"
    if account is None:
        return f"  curl -s {gateway}/api/v1/query {question}"
    who = json.dumps({"username": account.username, "password": account.password})
    cut = r"""sed 's/.*"access_token":"\([^"]*\).*/\1/'"""
    return (
        f"  TOKEN=$(curl -s {gateway}/api/v1/auth/login {JSON} \\\n      -d '{who}' | {cut})\n"
        f'  curl -s {gateway}/api/v1/query -H "Authorization: Bearer $TOKEN" \\\n      {question}'
    )


def _without_password(url: str) -> str:
    head, at, tail = url.rpartition("@")
    return f"{head.rpartition(':')[0]}:…@{tail}" if at and head.count(":") > 1 else url
