"""Pasted: parting the code in a question from what is said about it."""

from __future__ import annotations

import re

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


def parted(question: str) -> tuple[str, str]:
    """Return the question's prose and the code in it. What stands between single backticks counts as both."""
    code: list[str] = []

    def take(found: re.Match[str]) -> str:
        code.append(found[1] if found.re.groups else found[0])
        return "\n"

    prose = _CODE_LINE.sub(take, _FENCE.sub(take, question))
    code += _TICKS.findall(prose) + _CODE_IN_LINE.findall(prose)
    return prose.replace("`", " "), "\n".join(code)
