"""Sentences: an error in what somebody writes about it, and a message without its type."""

from __future__ import annotations

import builtins
import re
from collections import deque
from collections.abc import Collection, Iterable, Iterator, Sequence

from functions.debug.reading.tracebacks import Trace
from functions.debug.reading.wordings import begun, is_in_program, whole, within

_NAMED = re.compile(
    r"(?<![\w.])(?:[^\W\d]\w{0,40}\.){0,4}(?P<type>(?!WinError)[A-Z]\w{0,60}?(?:Error|Exception|Warning)"
    r"|Exception(?=\s?: )|KeyboardInterrupt|Stop(?:Async)?Iteration|SystemExit|GeneratorExit|ExceptionGroup"
    r"|TimeoutExpired|UnsupportedOperation)\b(?!\()"
    r"(?P<colon>[\"'`*)]{0,3}\s?:\s{0,3})?"
)
_IN_CODE = re.compile(r"\b(?:except|raise|from|import)\s{1,3}\(?(?:\w{1,40},\s?){0,5}$|\bclass \w{1,40}\($")
_PROSE = re.compile(
    r"`|[,;.!?)]{0,3}\s(?:when|but|and I|and then|and it|what|why|how|I|if I|please|after|because|while|even|though"
    r"|in my|can you|can someone|help|(?:on|in|at) (?:the )?line|how come|is there|does|do you|could|any)\b"
    r"|[?!]\s|\.\s{1,3}[A-Z]|\s[-–—]{1,3}\s|[.,;]$"
)
_PROMPT = re.compile(r"\s{0,8}(?:>>>|\.\.\.|In \[\d{0,6}\]:)")
_MOST_NAMED = 20
_LONGEST_MESSAGE = 400
_MOST_LINES = 30
_WRAPPING = " \t*\"'`“”‘’-•"
_WORD = (
    "name|type|value|index|key|attribute|import|module ?not ?found|zero ?division|recursion|syntax|indent|indentation"
    "|tab|file ?not ?found|unbound ?local|memory|overflow|assertion|eof|permission|unicode ?decode|unicode ?encode"
    "|timeout|keyboard ?interrupt|not ?implemented|json ?decode"
)
_SPELT = re.compile(rf"(?<![\w:/])(?P<word>{_WORD})[ _-]?errors?\b", re.IGNORECASE)
_SHELL = re.compile(r"(?:-?(?:ba|z|da|k)?sh|cmd|fish):")
_NAMES = {
    name.casefold(): name
    for name in (
        *(name for name, kind in vars(builtins).items() if isinstance(kind, type) and issubclass(kind, Exception)),
        "JSONDecodeError",
    )
} | {"indenterror": "IndentationError", "keyboardinterrupterror": "KeyboardInterrupt"}
_ENDINGS = (
    re.compile(r"\s?\((?P<file>[^()\n]{1,200}), line (?P<line>\d{1,9})\)$"),
    re.compile(r" on line (?P<line>\d{1,9})(?: (?:in|of) (?P<file>\S{1,300}))?$"),
)


def said(lines: Sequence[str], own: Collection[str] = ()) -> Trace | None:
    """Return the error that the lines speak of.

    `Type: message` counts for more than a message alone, and that for more than a type alone. A warning gives way to an
    error; of several the last one counts, as what was got after the rest. `own` are the learner's own classes.
    """
    text = "\n".join(line for line in lines if not _PROMPT.match(line))
    named = [*_own_lines(lines, own), *_named(text)]
    told = [one for one in named if one.message]
    if told:
        return next((one for one in reversed(told) if not one.is_warning), told[-1])
    if alone := next((one for one in map(_alone, lines[: -_MOST_LINES - 1 : -1]) if one), None):
        return alone
    if named:
        first = next((one for one in named if not one.is_warning), named[0])
        worded = within(text, first.type)
        return Trace(first.type, worded.message if worded else "")
    worded = within(text)
    return Trace(worded.type, worded.message) if worded else _spelt(text)


def ending(message: str) -> tuple[str, str | None, int | None]:
    """Part a message from the place after it: `invalid syntax (main.py, line 3)`, `… is not defined on line 3`."""
    for shape in _ENDINGS:
        found = shape.search(message)
        if found and whole(message[: found.start()]) and (message.endswith(")") or not whole(message)):
            return message[: found.start()], found["file"], int(found["line"])
    return message, None, None


def _alone(line: str) -> Trace | None:
    """Return the error whose message is all that a line says."""
    bare = line.strip(_WRAPPING) if len(line) < _LONGEST_MESSAGE else ""
    for message in dict.fromkeys((line.strip(), bare)):
        if message and (type := whole(message)):
            return Trace(type, message)
    return None


def _own_lines(lines: Iterable[str], own: Collection[str]) -> Iterator[Trace]:
    """Yield what lines say that begin with the name of one of the program's own classes."""
    for line in lines:
        type, _, message = line.strip(_WRAPPING).partition(": ")
        name = type.rpartition(".")[2]
        if name in own or (name.isidentifier() and type.startswith("__main__.")):
            yield Trace(name, _cut(message))


def _named(text: str) -> Iterator[Trace]:
    for found in deque(_NAMED.finditer(text), maxlen=_MOST_NAMED):
        before = text[max(found.start() - 60, 0) : found.start()].rpartition("\n")[2]
        if _IN_CODE.search(before) or is_in_program(text, found.start()):
            continue
        rest = text[found.end() : found.end() + 2_000]
        quote = before[-1:] if before[-1:] in ("`", '"') else ""
        is_own_line = not before.strip(_WRAPPING)
        yield Trace(found["type"], _cut(rest, quote, is_own_line=is_own_line) if found["colon"] else "")


def _cut(rest: str, quote: str = "", *, is_own_line: bool = True) -> str:
    """Return the message with which a text begins; what is said behind it is let go."""
    known = begun(rest)
    if known:
        return rest[:known]
    line = rest.partition("\n")[0]
    if quote and quote in line:
        return line.partition(quote)[0].strip()
    prose = None if is_own_line else _PROSE.search(line)
    return (line[: prose.start()] if prose else line).strip().rstrip("*`")


def _spelt(text: str) -> Trace | None:
    """Return the error that is named in everyday spelling: `index error`."""
    for found in _SPELT.finditer(text):
        line = text[: found.start()].rpartition("\n")[2]
        name = re.sub(r"[ _-]", "", found["word"]).casefold() + "error"
        known = _NAMES.get(name)
        if known and found[0] != known and not _SHELL.match(line):  # as it stands in code it was seen before
            return Trace(known)
    return None
