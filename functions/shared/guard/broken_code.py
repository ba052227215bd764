"""Broken code: programs in an answer that Python cannot read, though they are meant to be run.

Not meant to be run are a learner's own program that is quoted, what is shown as a mistake, and a session of the
interpreter; a part of a program is read as the part it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import dedent
from typing import NamedTuple

from functions.shared.guard.normalising import LONGEST, parsed
from functions.shared.guard.reading import Text, blocks

_PYTHON = frozenset({"python", "py", "python3"})
_SESSION = frozenset({"pycon", "python-repl", "python-console"})
_SHOWN_AS_WRONG = re.compile(
    r"\b(?:wrong|errors?|mistakes?|broken|invalid|fails?|incorrect|mis\w{2,12}|bugs?|crash\w{0,3}|stops|instead of"
    r"|cannot|can't|does not|doesn't|did not|don't|not (?:work|valid|allowed|python)|you wrote|you have|your (?:code"
    r"|program|line|version|attempt)|(?:syntax|indentation|tab|name|type|attribute|import)error|raises?|forgot\w*"
    r"|no such|never|avoid|unlike|before:)\b|[❌✗✘]",
    re.IGNORECASE,
)
_MARKED_WRONG = re.compile(r"#[^\n]*(?:wrong|error|broken|invalid|fails|mistake|missing|[❌✗✘])", re.IGNORECASE)
BEFORE = 240
"""Characters before a block in which it may be said that it is wrong."""
_LEADS = ("if True:\n    pass\n", "try:\n    pass\n", "match 0:\n", "class _:\n", "async def _():\n")
_SAID = re.compile(r"^\s*(?:>>>|\.\.\.)[ ]?(.*)$", re.MULTILINE)


class Shown(NamedTuple):
    """A program that an answer shows as one that works."""

    code: str
    is_session: bool = False

    @property
    def statements(self) -> str:
        """The program without what an interpreter's session shows around it."""
        return "\n".join(_SAID.findall(self.code)) if self.is_session else self.code


def shown_programs(texts: Iterable[Text], given: Iterable[str]) -> tuple[Shown, ...]:
    """Return the programs of an answer that are to be right: no quotes of what is given, nothing shown as wrong."""
    known = [_squeezed(each) for each in given]
    found = dict.fromkeys(shown for text in texts for shown in _shown(text))
    return tuple(shown for shown in found if not any(_squeezed(shown.code) in each for each in known))


def is_broken(shown: Shown) -> bool:
    """Return whether Python cannot read a program, nor as a part of one."""
    code = shown.statements
    return bool(code.strip()) and len(code) <= LONGEST and readable(code) is None


def readable(code: str) -> str | None:
    """Return a program, or the part of one, as a whole that Python can read; None where there is none."""
    code = dedent(code.expandtabs(4)).strip("\n").replace("…", "...").replace("\u00a0", " ")
    return next((whole for whole in _wholes(code) if parsed(whole) is not None), None)


def _wholes(code: str) -> Iterator[str]:
    """Yield what a piece of a program may be a part of."""
    yield code
    last = code.rstrip().rsplit("\n", 1)[-1]
    if last.split("#")[0].rstrip().endswith(":"):
        code += "\n" + " " * (len(last) - len(last.lstrip()) + 4) + "pass"
        yield code
    indented = "\n".join(f"    {line}" for line in code.split("\n"))
    for lead in _LEADS:
        yield lead + (code if lead[0] in "it" else indented)
    first, _, rest = code.partition("\n")
    if rest.startswith(" "):  # a block that begins in the middle of a line of the program
        yield f"{first}\n{dedent(rest)}"
        yield f"if True:\n    {first}\n{rest}"


def _shown(text: Text) -> Iterator[Shown]:
    if text.kind == "code":
        yield Shown(text.text, is_session=">>>" in text.text)
    elif text.kind == "prose":
        for language, code in blocks(text.text):
            if language in _PYTHON | _SESSION and not _is_shown_as_wrong(text.text, code):
                yield Shown(code, is_session=language in _SESSION or bool(re.search(r"^\s*>>>", code, re.MULTILINE)))


def _is_shown_as_wrong(markdown: str, code: str) -> bool:
    begins = max(0, markdown.find(code))
    before = markdown[max(0, begins - BEFORE) : begins].rpartition("```")[0]  # without the fence itself
    said = before.rpartition("```")[2]  # since the block before
    return bool(_MARKED_WRONG.search(code) or _SHOWN_AS_WRONG.search(said))


def _squeezed(text: str) -> str:
    return "".join(text.split())
