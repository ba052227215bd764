"""`scripts/evaluate tutor`: what learners get of the built-in tutor, and of it with a language model, side by side."""

from __future__ import annotations

import argparse
import json
import logging
import statistics
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog

from functions.shared.model.asking import Usage
from functions.shared.model.openai_model import OpenAIModel
from scripts.stack.cli import INTERRUPTED
from scripts.stack.errors import StackError
from scripts.stack.evaluating.tutor import finding, hinting, leaking, reviewing, routing
from scripts.stack.evaluating.tutor.asking import Asker, chosen
from scripts.stack.evaluating.tutor.figures import Column, Figure, Figures, as_data, kept, read, share
from scripts.stack.evaluating.tutor.part import Part
from scripts.stack.evaluating.tutor.sandbox import Sandbox, sandbox
from scripts.stack.evaluating.tutor.table import notes, table, told_apart
from scripts.stack.progress import Progress

BUILT_IN = "built-in"
PARTS: dict[str, Callable[[int | None, Sandbox], Part[Any, Any]]] = {
    "triage": lambda limit, _: routing.part(limit),
    "topics": lambda limit, _: finding.part(limit),
    "hints": hinting.part,
    "review": reviewing.part,
    "leaks": leaking.part,
}
WORKERS = 4


@dataclass
class Measuring:
    """A tutor on its way through the parts, and what has come of it so far."""

    name: str
    limit: int | None
    asker: Asker | None = None
    judged: dict[str, tuple[Part[Any, Any], list[Any]]] = field(default_factory=dict)

    def measure(self, part: Part[Any, Any], workers: int, progress: Progress) -> None:
        """Try it with everything of a part."""
        into = list[Any]()
        self.judged[part.name] = part, into
        with progress.step(f"{part.name}, {self.name}") as say:
            part.judge_all(self.asker, into, workers=workers, tell=say)

    @property
    def column(self) -> Column:
        """What was measured so far."""
        by_model = self.asker is not None
        parts: dict[str, Figures] = {
            name: part.figures(into, by_model) for name, (part, into) in self.judged.items() if into
        }
        if self.asker and self.asker.calls:
            parts["asking"] = asking(self.asker)
        return Column(self.name, parts, self.limit)


def asking(asker: Asker) -> dict[str, Figure]:
    """Return what it took to ask a model, and what became of the questions."""
    seconds = sorted(call.seconds for call in asker.calls)
    usage = sum((call.usage for call in asker.calls), Usage())
    counts = {"calls": len(seconds), "tokens sent": usage.prompt_tokens, "tokens answered": usage.answer_tokens}
    figures = {name: Figure(count, "count") for name, count in counts.items()}
    figures["seconds a call, p50"] = Figure(statistics.median(seconds), "seconds")
    figures["seconds a call, p95"] = Figure(seconds[-(-95 * len(seconds) // 100) - 1], "seconds")
    if asker.settings.price_in or asker.settings.price_out:
        figures["cost, at MODEL_PRICE_IN and _OUT"] = Figure(asker.settings.cost(usage) / 1_000_000, "money")
    if asker.pauses:
        figures["pauses that its server wanted"] = Figure(len(asker.pauses), "count")
    for outcome, _ in Counter(asker.outcomes).most_common():
        name = "answered" if outcome == "answered" else f"no answer: {outcome}"
        figures[name] = share([each == outcome for each in asker.outcomes])
    return figures


def main(arguments: Sequence[str] | None = None) -> int:
    options = _options(arguments)
    settings = chosen(options.base_url, options.model)
    compared = [read(file) for file in options.compare]
    with _quiet():
        measured = [Measuring(BUILT_IN, options.limit)]
        if settings:
            asker = Asker(OpenAIModel(settings), settings)
            asker.greet()
            measured.append(Measuring(settings.names, options.limit, asker))
        code = _measure(measured, options)
    columns = [each.column for each in measured]
    _tell([*columns, *compared], as_json=options.json)
    if options.save:
        _save(columns[-1], options.save)
    return code


def _measure(tutors: Sequence[Measuring], options: argparse.Namespace) -> int:
    """Try every tutor with every part, and return the exit code. Whatever ends that early, what is known by then is
    worth something."""
    progress = Progress(sys.stderr)
    try:
        with sandbox() as runner:
            for name in options.only:
                part = PARTS[name](options.limit, runner)
                for tutor in tutors:
                    tutor.measure(part, options.workers, progress)
    except KeyboardInterrupt:
        progress.warn("Stopped: the figures are of what was judged by then.")
        return INTERRUPTED
    except StackError as why:
        progress.warn(str(why))
        return 1
    return 0


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep what functions log of each answer out of what is printed."""
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    try:
        yield
    finally:
        structlog.configure(**before)


def _tell(columns: Sequence[Column], *, as_json: bool) -> None:
    columns = told_apart(columns)
    if as_json:
        print(json.dumps([as_data(each) for each in columns], indent=2, ensure_ascii=False))
    elif any(each.parts for each in columns):
        print(table(columns), notes(columns), sep="\n\n")


def _save(column: Column, file: Path) -> None:
    try:
        file.write_text(kept(column), "utf-8")
    except OSError as problem:
        raise StackError(f"{file} cannot be written: {problem.strerror}") from None


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="scripts/evaluate tutor", description=__doc__, allow_abbrev=False)
    parser.add_argument("--limit", type=_positive, help="so many questions a part at most, an even sample")
    parser.add_argument("--only", type=_parts, default=list(PARTS), help=f"some of {','.join(PARTS)}")
    parser.add_argument("--base-url", default="", help="where a server is that speaks OpenAI's API")
    parser.add_argument("--model", default="", help="which model is asked, for everything")
    parser.add_argument("--workers", type=_positive, default=WORKERS, help="questions at once")
    parser.add_argument("--save", type=Path, help="keep the figures of the model, or of the built-in tutor alone")
    parser.add_argument("--compare", type=Path, nargs="+", default=[], help="figures that were kept before")
    parser.add_argument("--json", action="store_true", help="print JSON instead of a table")
    return parser.parse_args(arguments)


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number of 1 or more")
    return int(text)


def _parts(text: str) -> list[str]:
    names = text.split(",")
    if unknown := [name for name in names if name not in PARTS]:
        raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(PARTS)}")
    return list(dict.fromkeys(names))
