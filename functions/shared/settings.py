"""Settings: the one place that reads the environment, once, at start."""

from __future__ import annotations

import math
import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

from functions.shared.model.asking import Task, Usage
from functions.shared.rates import Rates, read_rate

Profile = Literal["dev", "staging", "prod"]

KEEP_ALIVE_SECONDS = 120
"""Above the 90 s after which the platform's proxy drops an idle connection: who closes second never sends a
request into a connection that is just closing. The servers' own few seconds make sporadic 502s."""

SHORTEST_KEY = 32
"""Characters of a key that tokens are signed with: as many bytes as HS256 makes (RFC 7518, 3.2)."""

_NUMBERS = {
    "PORT": 8080,
    "THREADS": 8,
    "FORWARDED_HOPS": 0,
    "STREAM_SECONDS": 290,
    "MAX_CONNECTIONS": 2_000,
    "REQUEST_SECONDS": 20,
    "MODEL_ANSWERS_PER_DAY": 50,
    "MODEL_TOKENS_PER_DAY": 300_000,
}
"""The settings that are whole numbers, and what they are where nothing is said."""
_AT_LEAST_ONE = ("MAX_CONNECTIONS", "REQUEST_SECONDS")


class SettingsError(SystemExit):
    """The environment does not hold what this function needs; the message lists everything at once."""


@dataclass(frozen=True)
class AuthSettings:
    """How people prove who they are."""

    required: bool = True
    """False: whoever asks is who they say they are. In profile dev only, and to this machine alone."""
    keys: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    """What access tokens are signed with, by `kid`: the first one signs, every one is believed."""
    issuer: str = ""
    """The `iss` of an outside issuer whose tokens are believed too; empty: there is none."""
    jwks_url: str = ""
    audience: str = ""
    role_claim: str = "roles"


@dataclass(frozen=True)
class ModelSettings:
    """Which language model may be asked, where it is, and what it costs."""

    key: str = field(default="", repr=False)
    base_url: str = ""
    """Where a server is that speaks OpenAI's API; empty: OpenAI's own."""
    default: str = ""
    """The model that is asked; empty: none is, but those of `by_task`."""
    by_task: Mapping[Task, str] = field(default_factory=dict)
    """Another model for a kind of question; empty: none is asked."""
    seconds: int = 10
    """How long an answer may take in all: every try, what is made better, and the guard."""
    price_in: float = 0.0
    """Of a million tokens of a prompt, in whatever currency; the same number is what one costs in millionths of it."""
    price_out: float = 0.0
    """The same of an answer."""
    cost_per_day: int | None = None
    """Millionths of that currency that a learner's answers of one day (UTC) may cost; None: any number."""
    cost_per_month: int | None = None
    """The same of everybody's of one month."""

    @property
    def has_prices(self) -> bool:
        """Whether it is known what an answer costs."""
        return self.price_in > 0 or self.price_out > 0

    def name(self, task: Task) -> str:
        """Return the model that is asked for a kind of question; empty where none is set up."""
        return self.by_task.get(task, self.default) if self.key or self.base_url else ""

    @property
    def names(self) -> str:
        """All that may be asked, for people to read; empty: nothing that people write leaves."""
        named = {self.by_task.get(task, self.default) for task in get_args(Task)} - {""}
        return ", ".join(sorted(named))

    def cost(self, usage: Usage) -> int:
        """Return what tokens cost in millionths of the prices' currency, rounded up."""
        return math.ceil(usage.prompt_tokens * self.price_in + usage.answer_tokens * self.price_out)


@dataclass(frozen=True)
class Settings:
    """What a function is told at start. Every `NAME` may be given as `NAME_FILE`, a path to its value."""

    profile: Profile
    host: str
    port: int
    log_level: str
    database_url: str
    broker_url: str
    threads: int
    """Events handled at once; the Service's containerConcurrency."""
    cors_origins: tuple[str, ...]
    smtp_url: str = ""
    smtp_from: str = ""
    model: ModelSettings = ModelSettings()
    auth: AuthSettings = AuthSettings()
    forwarded_hops: int = 0
    """Proxies of ours that each add to X-Forwarded-For whom they were asked by; 0: it is not believed."""
    stream_seconds: int = 290
    """How long realtime keeps a connection before it asks the client to come again: less than the platform does."""
    rates: Rates | None = field(default_factory=Rates)
    """None: nobody is limited. In profile dev only."""
    max_connections: int = 2_000
    """Connections open to one replica of an edge at once, WebSockets among them."""
    request_seconds: int = 20
    """How long a client may take to send the head of a request, and as long again for its body."""
    model_answers_per_day: int = 50
    """Answers of a language model that a learner may have on one day (UTC)."""
    model_tokens_per_day: int = 300_000
    """Tokens that those may take, prompts included."""


def read_settings(needs: Collection[str] = (), environ: Mapping[str, str] = os.environ) -> Settings:
    """Return the settings, or raise SettingsError naming every one of `needs` that is missing."""
    missing = sorted(name for name in needs if not _value(environ, name))
    profile = _value(environ, "PROFILE") or "dev"
    problems = [f"{name} is not set (nor {name}_FILE)" for name in missing]
    if profile not in get_args(Profile):
        problems.append(f"PROFILE is {profile!r}, not one of {', '.join(get_args(Profile))}")
    numbers = _numbers(environ, problems)
    rates = _rates(environ, profile, problems)
    auth = _auth(environ, profile, problems)
    model = _model(environ, problems)
    database_url = _database(environ, profile, problems)
    if problems:
        raise SettingsError("cannot start: " + "; ".join(problems))
    return Settings(
        profile=profile,  # type: ignore[arg-type]  # checked just above
        # In a cluster the platform's proxy and probes come from outside the container.
        host=_value(environ, "HOST") or ("127.0.0.1" if profile == "dev" else "0.0.0.0"),  # noqa: S104
        log_level=(_value(environ, "LOG_LEVEL") or "INFO").upper(),
        database_url=database_url,
        broker_url=_value(environ, "BROKER_URL"),
        cors_origins=tuple((_value(environ, "CORS_ORIGINS") or "http://localhost:3000").split(",")),
        smtp_url=_value(environ, "SMTP_URL", file_may_be_missing=True),
        smtp_from=_value(environ, "SMTP_FROM", file_may_be_missing=True),
        model=model,
        auth=auth,
        rates=rates,
        **numbers,
    )


def _numbers(environ: Mapping[str, str], problems: list[str]) -> dict[str, int]:
    """Return the settings that are whole numbers, by field; what is wrong with them is added to `problems`."""
    numbers = {}
    for name, default in _NUMBERS.items():
        text = _value(environ, name) or str(default)
        if not (is_number := text.isascii() and text.isdigit() and len(text) < 10):
            problems.append(f"{name} is {text!r}, not a whole number")
        numbers[name.lower()] = int(text) if is_number else 1
    problems += [f"{name} is 0, which serves nobody" for name in _AT_LEAST_ONE if numbers[name.lower()] == 0]
    return numbers


def _rates(environ: Mapping[str, str], profile: str, problems: list[str]) -> Rates | None:
    """Return how often people may ask; what is wrong with it is added to `problems`."""
    limits = (_value(environ, "RATE_LIMITS") or "true").lower()
    if limits not in {"true", "false"}:
        problems.append(f"RATE_LIMITS is {limits!r}, neither true nor false")
    if limits == "false" and profile != "dev":
        problems.append(f"RATE_LIMITS=false is for profile dev only, and PROFILE is {profile}")
    rates = {}
    for each in fields(Rates):
        name = f"RATE_{each.name.upper()}"
        if text := _value(environ, name):
            try:
                rates[each.name] = read_rate(text)
            except ValueError as error:
                problems.append(f"{name} is {text!r}: {error}")
    return Rates(**rates) if limits != "false" else None


def _database(environ: Mapping[str, str], profile: str, problems: list[str]) -> str:
    """Return where PostgreSQL is; what is wrong with it is added to `problems`.

    Outside dev whoever sits between must neither read along nor pass for PostgreSQL, unless DATABASE_TLS says that
    nobody sits there.
    """
    url, tls = _value(environ, "DATABASE_URL"), (_value(environ, "DATABASE_TLS") or "true").lower()
    if tls not in {"true", "false"}:
        problems.append(f"DATABASE_TLS is {tls!r}, neither true nor false")
    if url and profile != "dev" and tls != "false":
        from psycopg import ProgrammingError  # the one who needs it has loaded it
        from psycopg.conninfo import conninfo_to_dict

        try:
            verifies = conninfo_to_dict(url).get("sslmode") == "verify-full"
        except ProgrammingError:
            verifies = False
        if not verifies:  # never the address itself: it holds a password
            problems.append(
                f"DATABASE_URL does not say sslmode=verify-full (or DATABASE_TLS=false), in profile {profile}"
            )
    return url


def _auth(environ: Mapping[str, str], profile: str, problems: list[str]) -> AuthSettings:
    """Return how people prove who they are; what is wrong with it is added to `problems`."""
    required = (_value(environ, "AUTH_REQUIRED") or "true").lower()
    if required not in {"true", "false"}:
        problems.append(f"AUTH_REQUIRED is {required!r}, neither true nor false")
    if required == "false" and profile != "dev":
        problems.append(f"AUTH_REQUIRED=false is for profile dev only, and PROFILE is {profile}")
    keys: dict[str, bytes] = {}
    for place, pair in enumerate(filter(None, _value(environ, "AUTH_KEYS").replace("\n", ",").split(",")), 1):
        kid, separator, key = pair.strip().partition(":")
        if not (kid and separator) or kid in keys or len(key) < SHORTEST_KEY:
            # never the pair itself: it may be the key
            problems.append(
                f"AUTH_KEYS: number {place} is not kid:key, with a kid of its own, of {SHORTEST_KEY} characters"
            )
        keys[kid] = key.encode()
    issuer, jwks_url, audience = (_value(environ, f"AUTH_{name}") for name in ("ISSUER", "JWKS_URL", "AUDIENCE"))
    if len({bool(issuer), bool(jwks_url), bool(audience)}) > 1:
        problems.append("AUTH_ISSUER, AUTH_JWKS_URL and AUTH_AUDIENCE belong together")
    if jwks_url and not jwks_url.startswith(("https://", "http://") if profile == "dev" else "https://"):
        problems.append("AUTH_JWKS_URL is no https:// address: whoever sits between could sign for anybody")
    return AuthSettings(
        required=required != "false",
        keys=keys,
        issuer=issuer,
        jwks_url=jwks_url,
        audience=audience,
        role_claim=_value(environ, "AUTH_ROLE_CLAIM") or "roles",
    )


def _model(environ: Mapping[str, str], problems: list[str]) -> ModelSettings:
    """Return which language model may be asked; what is wrong with it is added to `problems`."""
    base_url = _value(environ, "OPENAI_BASE_URL")
    if base_url and not (urlsplit(base_url).scheme in {"http", "https"} and urlsplit(base_url).hostname):
        problems.append("OPENAI_BASE_URL is no http:// or https:// address")
    named: dict[Task, str] = {task: _value(environ, f"OPENAI_MODEL_{task.upper()}") for task in get_args(Task)}
    settings = ModelSettings(
        key=_value(environ, "OPENAI_API_KEY", file_may_be_missing=True),
        base_url=base_url,
        default=_value(environ, "OPENAI_MODEL"),
        by_task={task: "" if name.lower() == "off" else name for task, name in named.items() if name},
        seconds=int(_number(environ, "MODEL_SECONDS", 10, problems, least=1)),
        price_in=_number(environ, "MODEL_PRICE_IN", 0, problems),
        price_out=_number(environ, "MODEL_PRICE_OUT", 0, problems),
        cost_per_day=_money(environ, "MODEL_COST_PER_DAY", problems),
        cost_per_month=_money(environ, "MODEL_COST_PER_MONTH", problems),
    )
    if not settings.has_prices and (settings.cost_per_day, settings.cost_per_month) != (None, None):
        problems.append("MODEL_COST_PER_DAY and MODEL_COST_PER_MONTH count nothing without MODEL_PRICE_IN or _OUT")
    return settings


def _money(environ: Mapping[str, str], name: str, problems: list[str]) -> int | None:
    """Return a sum in millionths; None where none is named."""
    return round(1_000_000 * _number(environ, name, 0, problems)) if _value(environ, name) else None


def _number(environ: Mapping[str, str], name: str, default: float, problems: list[str], *, least: float = 0) -> float:
    """Return a setting that is a number, of which there may be parts; what is wrong with it is added to `problems`."""
    text = _value(environ, name) or str(default)
    if text.isascii() and text.replace(".", "", 1).isdigit() and len(text) < 10 and float(text) >= least:
        return float(text)
    problems.append(f"{name} is {text!r}, not a number of {least:g} or more")
    return default


def _value(environ: Mapping[str, str], name: str, *, file_may_be_missing: bool = False) -> str:
    """Return the value of NAME, or what the file named by NAME_FILE holds, or an empty string.

    A file that is not there is an error, except where a Secret that nobody needs to make is mounted.
    """
    path = environ.get(f"{name}_FILE")
    if name in environ or not path:
        return environ.get(name, "").strip()
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        if file_may_be_missing and isinstance(error, FileNotFoundError):
            return ""
        raise SettingsError(f"cannot start: {name}_FILE: {error.strerror}: {path}") from error
