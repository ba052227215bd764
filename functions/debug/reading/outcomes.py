"""Outcomes: a program that was ended from outside, as judges, shells and our own sandbox say it."""

from __future__ import annotations

import re
from itertools import islice

from functions.debug.reading.tracebacks import Trace
from functions.debug.reading.wordings import is_in_program

_OUTCOMES = (
    (
        "RecursionError",
        r"stack overflow|0xC00000FD|-1073741571|recursion (?:limit|depth)",
    ),
    (
        "MemoryError",
        r"out[ _]of[ _]memory|memory[ _]limit|\bMLE\b|\bOOM\b|more memory than|ran out of memory|not enough memory"
        r"|exit(?:ed with)? (?:code|status):? 137|^[ \t]{0,4}Killed$|too much memory",
    ),
    (
        "TimeoutError",
        r"time[ _-]?limit|\bTLE\b|tim(?:ed?|ing)[ _-]?out|(?:did|does|do)(?: not|n't) (?:end|finish|stop|terminate)"
        r"|took too long|takes too long|takes forever|too slow|execution time|maximum (?:run|execution|allowed) ?time"
        r"|(?:infinite|endless|never[- ]ending) loop|never (?:ends?|stops?|finish(?:es)?|terminates?|ending|stopping)"
        r"|(?:runs?|running|goes on|keeps going|loops?|looping) for ?ever|keeps (?:running|looping|printing)|hangs\b"
        r"|freezes|output[ _]limit|far more than can be kept|too much output|Zeitüberschreitung|délai dépassé",
    ),
    ("KeyboardInterrupt", r"^[ \t]{0,4}\^C$|exit(?:ed with)? (?:code|status):? 130|interrupted by (?:the )?user"),
)
"""What is said, case aside, and the error that stands for it. Too much output comes of a loop without an end, too."""
_PATTERNS = tuple((type, re.compile(pattern, re.IGNORECASE | re.MULTILINE)) for type, pattern in _OUTCOMES)
_NAMED_BEFORE = re.compile(r"(?:[._(\[]|=\s?)\Z")
_NAMED_AFTER = re.compile(r"[(\[_]|\.\w|\s?=")
"""What makes a word a name in a program: `timeout=5`, `self.timeout`."""
_LONGEST, _MOST = 200, 20


def outcome(text: str) -> Trace | None:
    """Return the error that stands for how a program ended, with the line that says so as its message."""
    for type, pattern in _PATTERNS:
        for found in islice(pattern.finditer(text), _MOST):
            start = text.rfind("\n", 0, found.start()) + 1
            line = text[start:].partition("\n")[0]
            if is_in_program(text, found.start()) or _NAMED_BEFORE.search(text, start, found.start()):
                continue
            if _NAMED_AFTER.match(text, found.end()):
                continue
            return Trace(type, line.strip(" \t*_`\"'>#-")[:_LONGEST])
    return None
