"""Wordings: whose message it is, and where it ends, by the way Python words it."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files

_BEFORE, _AFTER = 250, 450
"""Characters before and after a wording's fixed part in which the rest of it is looked for."""

_QUOTED = r"(?:'[^'\n]{0,200}'|\"[^\"\n]{0,200}\"|‘[^’\n]{0,200}’|“[^”\n]{0,200}”|`[^`\n]{1,200}`)"
_SLOTS = {
    "q": _QUOTED,
    "b": rf"(?:{_QUOTED}|[^\W_][\w.\-+*/<>=%]{{0,60}}|[_+*/%<>=&|^@-][\w<>=+*/.-]{{0,60}}|[()\[\]{{}}])",
    "n": r"-?\d[\d_.,]{0,30}(?:e[+-]\d{1,4})?(?<![.,])",
    "w": r"(?:[\w.*%+/<>=|&^@~\-\[\]]|\(\)){1,80}:?",
    "x": r"[^\n]{1,160}?",
}
_IN_PROGRAM = re.compile(r"\w\([^()\n]{0,200}\Z|\S[^#\n]{0,200}#[^\n]{0,200}\Z")
_SLOT = re.compile(r"\{([qbnwx])\}")
_MORE = (
    r"(?:[.;,] (?:Did you mean|Or did you forget|Did you forget|Perhaps you forgot|Maybe you meant|perhaps you)"
    r"[^\n?]{0,160}\?(?: Or did you forget[^\n?]{0,80}\?)?| \(consider renaming [^\n)]{0,300}\))?"
    r"(?: \([^()\n]{1,200}, line \d{1,9}\))?"
)


@dataclass(frozen=True)
class Wording:
    """A message with slots, as wordings.toml has it."""

    type: str
    text: str
    only_whole: bool

    @cached_property
    def fixed(self) -> str:
        """The longest part without a slot, in lower case."""
        return max(_SLOT.split(self.text)[::2], key=len).casefold()

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        parts = _SLOT.split(self.text)
        shapes = [_SLOTS[part] if slot else re.escape(part) for slot, part in zip(_alternating(), parts, strict=False)]
        if parts[-1] == "" and parts[-2:-1] == ["x"]:
            shapes[-2] = shapes[-2].removesuffix("?")
        start = r"(?<!\w)" if self.text[:1].isalnum() or self.text.startswith("{") else ""
        return re.compile(start + "".join(shapes) + _MORE, re.IGNORECASE)


@dataclass(frozen=True)
class Worded:
    """A message found in a text."""

    type: str
    message: str


def whole(message: str) -> str | None:
    """Return the type whose message this is from its first character to its last, None for one that is not known."""
    for wording in _candidates(message.casefold()):
        if wording.pattern.fullmatch(message):
            return wording.type
    return None


def unbroken(message: str, following: Iterable[str]) -> str:
    """Return a message that a narrow window broke into lines as the one it was, one that was not broken as it is."""
    best, candidates = message, [message]
    for line in following:
        if not message or not line.strip() or line.startswith((">>>", "  ")):
            break
        candidates = [one + between + line.strip() for one in candidates for between in _between(one)]
        best = next((one for one in candidates if _is_certain(one)), best)
    return best


def _between(broken: str) -> tuple[str, ...]:
    """Return what may have stood where a line was broken, the likelier first: within quotes there are few spaces."""
    return ("", " ") if broken.count("'") % 2 else (" ", "")


def _is_certain(message: str) -> bool:
    known = (wording for wording in _candidates(message.casefold()) if not wording.text.endswith("{x}"))
    return any(wording.pattern.fullmatch(message) for wording in known)


def begun(message: str, type: str | None = None) -> int:
    """Return where the known message ends with which the text begins, 0 where there is none."""
    known = (one for one in _candidates(message.casefold()) if type in (None, one.type) and not one.only_whole)
    ends = (found.end() for wording in known if (found := wording.pattern.match(message)))
    return max(ends, default=0)


def within(text: str, type: str | None = None) -> Worded | None:
    """Return the longest known message in a text, of this type if one is given."""
    best: Worded | None = None
    folded = _folded(text)
    for wording in _candidates(folded):
        if wording.only_whole or type not in (None, wording.type):
            continue
        for at in {folded.find(wording.fixed), folded.rfind(wording.fixed)}:
            start = max(at - _BEFORE, 0)
            found = wording.pattern.search(text, start, at + len(wording.fixed) + _AFTER)
            if found and not is_in_program(text, found.start()) and (best is None or len(found[0]) > len(best.message)):
                best = Worded(wording.type, found[0].strip())
    return best


def is_in_program(text: str, at: int) -> bool:
    """Whether a place of a text is within the brackets of a call, or in a comment behind a statement."""
    start = max(text.rfind("\n", 0, at) + 1, at - _BEFORE)
    return bool(_IN_PROGRAM.search(text, start, at))


def _candidates(folded: str) -> Iterator[Wording]:
    return (wording for wording in _wordings() if wording.fixed in folded)


def _folded(text: str) -> str:
    """Return the text in small letters, each where it was: a few letters are two when folded."""
    folded = text.casefold()
    if len(folded) == len(text):
        return folded
    return "".join(small if len(small) == 1 else " " for small in map(str.lower, text))


def _alternating() -> Iterator[bool]:
    while True:
        yield False
        yield True


@cache
def _wordings() -> tuple[Wording, ...]:
    table = tomllib.loads(files(__package__).joinpath("wordings.toml").read_text(encoding="utf-8"))
    return tuple(
        Wording(type, text.removeprefix("="), text.startswith("=")) for type, texts in table.items() for text in texts
    )
