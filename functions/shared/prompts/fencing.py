"""Fencing: text from outside as it may stand in a prompt: cleaned, cut, and between marks that it cannot write.

    <<<program 7f3a
    1| def area(r):
    2|     return 3.14 * r
    program 7f3a>>>

The mark is the beginning of a hash of all texts of the prompt and stands in none of them, so no text can end its own
fence or another's, and the same texts always get the same one. Within a fence every line of the text begins with `|`,
in a program after its number; what begins with `[` says what was left out. A model that loses sight of where a fence
ends still sees on each line that it is data (Hines et al. 2024, arXiv 2403.14720, compare both). Pure.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Literal

from functions.shared.markdown import cut

LONGEST_QUESTION = 2_000
LONGEST_PROGRAM = 4_000
LONGEST_ERROR = 1_600
LONGEST_FACTS = 3_000
LONGEST_LESSON = 4_000
LONGEST_EXERCISE = 1_600
LONGEST_EARLIER = 1_600
LONGEST_VALUE = 300
"""Characters of each kind of text that go into a prompt; of a value within a line."""

SHORTEST_MARK = 4
"""Hexadecimal digits of a mark."""

_ESCAPE_SEQUENCE = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_LINE_END = re.compile(r"\r\n?")
_GAP = re.compile(r"\n(?:[ \t]*\n){2,}")
_SEPARATOR = re.compile("[\u2028\u2029]")
_UNUSUAL = re.compile(r"[^\t\n\x20-\x7e]")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Fillers, joiners and variation selectors: letters and marks by their category, and nothing to be seen.
_BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]")
_HOME = re.compile(r"(?:(?:(?<![\w.])|/mnt/[a-z])/(?:home|Users)/|\b[A-Za-z]:[\\/]+Users[\\/]+)[^\\/\r\n\"'<>|:]+")

Keep = Literal["start", "end"]


@dataclass(frozen=True)
class Data:
    """A text on its way into a prompt: its lines as they will stand there."""

    name: str
    """What it is, e.g. `program`."""
    lines: tuple[str, ...]
    whole: bool = True
    """Whether nothing was cut."""

    def fenced(self, mark: str) -> str:
        """Return the text between its marks."""
        return "\n".join((f"<<<{self.name} {mark}", *self.lines, f"{self.name} {mark}>>>"))


def text(name: str, value: str | None, most: int, *, keep: Keep = "start") -> Data | None:
    """Return `most` characters of a text, from its start or up to its end; None where there is nothing to see.

    Home folders are named after people, so they become `~`; in a program they stay, or its correction would lose them.
    """
    seen, unseen = cleaned(without_homes(value or ""))
    seen = _GAP.sub("\n\n", seen.strip("\n"))
    if not seen.strip():
        return None
    left_out = max(len(seen) - most, 0)
    kept = seen[:most] if keep == "start" else seen[left_out:]
    lines = [f"| {line}".rstrip() for line in kept.split("\n")]
    if left_out:
        lines.insert(len(lines) if keep == "start" else 0, f"[{left_out:,} characters left out here]")
    return Data(name, tuple(_noting(unseen, lines)), whole=not left_out)


def program(name: str, code: str | None, *, around: int | None = None, most: int = LONGEST_PROGRAM) -> Data | None:
    """Return a program with the numbers of its lines; of a longer one whole lines, those about `around` (from 1)."""
    seen, unseen = cleaned(code or "")
    if not seen.strip():
        return None
    lines = [f"{number}| {line}".rstrip() for number, line in enumerate(seen.rstrip("\n").split("\n"), 1)]
    first, last = _window([len(line) + 1 for line in lines], min(max(around or 1, 1), len(lines)) - 1, most)
    kept = [cut(line, most) for line in lines[first : last + 1]]
    if first > 0:
        kept.insert(0, f"[lines 1 to {first} left out]")
    if last < len(lines) - 1:
        kept.append(f"[lines {last + 2} to {len(lines)} left out]")
    whole = last - first == len(lines) - 1 and max(map(len, lines)) <= most
    return Data(name, tuple(_noting(unseen, kept)), whole)


def error(name: str, message: str | None) -> Data | None:
    """Return an error message, or the end of it, which names the error."""
    return text(name, message, LONGEST_ERROR, keep="end")


def listed(
    name: str, facts: Iterable[tuple[str, object]], most: int = LONGEST_FACTS, *, each: int | None = None
) -> Data | None:
    """Return facts as lines such as `line: 3`, without those that are None or empty; of a value `each` characters (half
    of all, where nothing is said), of all of them `most`. A value of several lines goes on beneath its name."""
    return text(name, "\n".join(_lines_of(facts, each or most // 2)), most)


def one_line(value: object, most: int = LONGEST_VALUE) -> str:
    """Return a value as it may stand within a line."""
    seen = " ".join(cleaned(str(value))[0].split())
    return cut(seen, most)


def fenced(data: Mapping[str, Data | None]) -> dict[str, str | None]:
    """Return each text between marks that none of them holds; None stays None."""
    mark = mark_for(line for each in data.values() if each for line in (each.name, *each.lines))
    return {name: each.fenced(mark) if each else None for name, each in data.items()}


def mark_for(texts: Iterable[str]) -> str:
    """Return a mark that stands in no text, in capitals neither: the beginning of a hash of all, longer by a digit for
    each try that fails. So it always ends: a text would have to hold the whole of its own hash."""
    everything = "\n".join(texts)
    held = everything.casefold()
    for tries in count():
        digest = hashlib.sha256(f"{tries}\n{everything}".encode()).hexdigest()
        if (mark := digest[: SHORTEST_MARK + tries]) not in held:
            return mark
    raise AssertionError("count() has no end")


def cleaned(value: str) -> tuple[str, int]:
    """Return the text without what nobody sees, and how many such characters it had.

    Unseen are control characters (but for tabs and line ends), formats such as zero-width ones and those that turn
    the direction, tags, variation selectors, fillers, halves of surrogates, and what is not assigned. Lines end as
    Python's do; the colours of a terminal go without being counted.
    """
    plain = _SEPARATOR.sub(" ", _LINE_END.sub("\n", _ESCAPE_SEQUENCE.sub("", value)))
    seen = _UNUSUAL.sub(lambda found: found[0] if _is_seen(found[0]) else "", plain)
    return seen, len(plain) - len(seen)


def without_homes(value: str) -> str:
    """Return the text with `~` for home folders."""
    return _HOME.sub("~", value)


def _is_seen(character: str) -> bool:
    return unicodedata.category(character) not in _UNSEEN and not _BLANK.match(character)


def _noting(unseen: int, lines: list[str]) -> Iterator[str]:
    if unseen:
        yield f"[{unseen:,} invisible character{'' if unseen == 1 else 's'} left out]"
    yield from lines


def _lines_of(facts: Iterable[tuple[str, object]], most: int) -> Iterator[str]:
    for name, value in facts:
        shown = "" if value is None else cleaned(str(value))[0].strip("\n")
        if "\n" in shown:
            yield f"{name}:"
            yield from (f"    {line}" for line in cut(shown, most).split("\n"))
        elif shown.strip():
            yield f"{name}: {one_line(shown, most)}"


def _window(sizes: list[int], place: int, most: int) -> tuple[int, int]:
    """Return the first and the last of the lines about a place that have room together; the place itself is one."""
    first = last = place
    room = most - sizes[place]
    while True:
        above = first > 0 and sizes[first - 1] <= room
        below = last < len(sizes) - 1 and sizes[last + 1] <= room
        if not (above or below):
            return first, last
        if below and (not above or last - place <= place - first):
            last += 1
            room -= sizes[last]
        else:
            first -= 1
            room -= sizes[first]
