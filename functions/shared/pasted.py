"""Pasted: parting the code in a question from what is said about it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from textwrap import dedent

_FENCE = re.compile(r"```[^\n`]*\n?(.*?)(?:```|\Z)", re.DOTALL)
_TICKS = re.compile(r"`([^`\n]+)`")
_CODE_LINE = re.compile(
    r"^(?: {4,}|\t)\S.*$|^[ \t]*(?:>>> .*|@\w[\w.]*(?:\(.*\))?[ \t]*$"
    r"|(?:async )?(?:def \w+\(.*|for .{1,80} in .{1,200}:.*|with .{1,200}:[ \t]*$)|class \w+[ ]?(?:\(.*\))?:.*"
    r"|(?:while|match|case) .{1,200}:[ \t]*$|(?:else|try|finally):[ \t]*$|except\b.{0,200}:[ \t]*$"
    r"|(?:el)?if (?:.{0,200}(?:[=<>()]| (?:in|and|or) ).{0,200}|(?:not )?[\w.]+):[ \t]*$"
    r"|return(?: (?:not |await )?[\w.]+)?(?: ?[^\w\s?][^?\n]*)?$|raise [A-Z]\w*\b[^?\n]*$"
    r"|import [\w.]+[ \t]*$|from [\w.]+ import .+|print\(.*"
    r"|[a-zA-Z_][\w.]*\([^?\n]*\)[ \t]*$|\w[\w.\[\]\"']*(?:, ?\w+){0,5} ?(?:[-+*/%]|//|\*\*)?= ?[^=\s].*)$",
    re.MULTILINE,
)
# A piece of code within a sentence: what stands in it is read as words too.
_CODE_IN_LINE = re.compile(
    r"\bfor \w+(?:, ?\w+)* in [\w.]+\s?[(:\[]|\bdef \w+\(|\bclass \w+[(:]|\basync (?:def|for|with)\b"
    r"|\b(?:if|while) [^?:\n]{1,60}:(?!\w)|\.?\b\w{1,40}\([^()\n]{0,80}\)"
    r"|(?<!\w)[rfb]\"[^\"\n]{1,80}\"|(?:\"[^\"\n]{1,80}\"|'[^'\n]{1,80}') ?\+ ?\S{1,20}"
    r"|\b\d[\d.]{0,20} ?(?:[-+*%]|//?|\*\*) ?\d[\d.]{0,20}"
)


_BLOCK = re.compile(r"```(?:[ \t]*(\w*)[^\n`]*\n)?(.*?)(?:```|\Z)", re.DOTALL)
_PYTHON = frozenset({"python", "py", "python3", "pycon"})
_ERROR_BEGINS = re.compile(r"Traceback \(most recent call last\):|\bFile \"[^\"]{1,300}\", line \d")
_ERROR_ENDS = re.compile(r"[ \t>]*[\w.]*(?:Error|Exception|Warning|Interrupt|Exit|Iteration)(?::.*)?$|[ \t]*$")
_ERROR_ALONE = re.compile(r"[\w.]*(?:Error|Exception|Warning|Interrupt|Exit|Iteration): ")
_PROMPT = re.compile(r"^(?:>>>|\.\.\.) ?", re.MULTILINE)


def program_in(question: str) -> str:
    """Return the program in a question: what is fenced, else the lines that are code; "" where there is none.

    What an error quotes of a program is not the program, and of several blocks those are it that say they are Python.
    """
    text = "\n".join(_without_errors(question.split("\n")))
    blocks = _BLOCK.findall(text)
    python = [block for language, block in blocks if language.lower() in _PYTHON]
    lines = python or [block for _, block in blocks] or _CODE_LINE.findall(text)
    return dedent(_PROMPT.sub("", "\n".join(lines))).strip("\n")


def _without_errors(lines: Iterable[str]) -> Iterator[str]:
    """Leave out error messages: one with frames goes on to the line that names the error, or to the end of its part."""
    within = False
    for line in lines:
        fence = line.lstrip().startswith("```")
        within = not fence and (within or bool(_ERROR_BEGINS.search(line)))
        if not within and not _ERROR_ALONE.match(line):
            yield line
        within = within and not _ERROR_ENDS.match(line)


def program_of(code: str | None, question: str) -> str:
    """Return the program that was sent: as code or, where there is none, within the question."""
    return code if code and code.strip() else program_in(question)


def parted(question: str) -> tuple[str, str]:
    """Return the question's prose and the code in it. What stands between single backticks counts as both."""
    code: list[str] = []

    def take(found: re.Match[str]) -> str:
        code.append(found[1] if found.re.groups else found[0])
        return "\n"

    prose = _CODE_LINE.sub(take, _FENCE.sub(take, question))
    code += _TICKS.findall(prose) + _CODE_IN_LINE.findall(prose)
    return prose.replace("`", " "), "\n".join(code)
