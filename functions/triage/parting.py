"""What people paste into a question, parted from what they say: code and tracebacks do not speak as words.

Only shapes are looked at, never meanings; what is taken out leaves a mark where it stood.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

CODE, TRACEBACK, MESSAGE, ERROR_NAME, SNIPPET = "⟨code⟩", "⟨traceback⟩", "⟨message⟩", "⟨error⟩", "⟨snippet⟩"
"""A line of code, of a traceback, `NameError: …`, the bare name of an exception, a bit of code in a sentence."""
MARKS = (CODE, TRACEBACK, MESSAGE, ERROR_NAME, SNIPPET)

# Every repetition is bounded or begins where a word does: text of 2,000 characters is read in a fraction of a ms.
_ERROR = r"\b(?:\w{1,30}\.){0,4}(?=[A-Z])\w{1,40}(?:Error|Exception|Warning|Interrupt|Iteration|Exit)\b"
_ERROR_WORD = re.compile(_ERROR)
_ERROR_LINE = re.compile(rf"\s*{_ERROR}\s*(?::|$)")
_MESSAGE = re.compile(rf"{_ERROR}\s*:(?=\s*\S)")
_TRACEBACK_LINE = re.compile(
    r"\s*Traceback \(most recent call last\)|\s*File \"[^\"]*\", line \d|\s*[~^]+\s*$|-{20,}"
    r"|\s*(?:During handling of|The above exception was the direct)"
)
_FENCE = re.compile(r"\s*(?:```|~~~)")
_INDENTED = re.compile(r"\t| {2,}\S")
_QUOTED = re.compile(r"[rbf]?(?:'[^'\n]{0,200}'|\"[^\"\n]{0,200}\")")
_COMMENT = re.compile(r"\s#.*|^#.*")
_STATEMENT = re.compile(
    r"\s*(?:>>>|In \[\d*\]:|Out\[\d*\]:|\.\.\. |@\w[\w.]{0,60}(?:\(.*\))?$|(?:pass|break|continue)$"
    r"|(?:async )?def \w+ ?\(|class \w+ ?(?:\([^)]*\))? ?:|(?:async )?for [\w, ()]{1,40} in \S.*:"
    r"|(?:el)?if [^?]*:(?: ?[\w.]+ ?(?:\(.*\)|[-+*/]?= ?.*)| return.*)?$"
    r"|while [^?]*:(?: ?pass)?$|(?:else|try|finally) ?:"
    r"|except\b[^?]*:|with [^?]* as \w+ ?:|match \S+ ?:$|case .*:$|import \w[\w.]*(?: as \w+| ?, ?\w+)*$"
    r"|from [\w.]+ import [\w, *]+$)"
)
_LOOSE_STATEMENT = re.compile(
    r"\s*(?:(?:return|yield|raise|del|assert|await|global|nonlocal)\b[^?]*$"
    r"|[\w.\[\]]{1,60}(?: ?, ?\w{1,30}){0,6}(?: ?:[^=]{1,30})? ?(?:\*\*|//|[-+*/%|&])?=(?!=)"
    r"|\w[\w.]{0,60}\(.*\)$|print [\"'(]|[)\]}]+,?$)"
)
_PROSE = re.compile(r"(?:[A-Za-z']{2,},? ){2}[A-Za-z']{2,}|\?\s*$")
_PIECE = re.compile(
    r"`[^`\n]{1,120}`|'\w{1,40}'"
    r"|\b\w[\w.]{0,40}\([^()\n]{0,80}(?:\([^()\n]{0,40}\)[^()\n]{0,40})?\)"
    r"|\b\w{1,40} ?(?:\*\*|//|[-+*/%])?=(?!=)(?! (?:and|or|vs|versus)\b) ?[\w\[\]{}'\"(][^\s?!;]*"
    r"|\b\w{1,40}\[[^\]\n]{0,40}\]|\[[^\]\n]{0,60}\]|\{[^}\n]{0,60}\}"
    r"|\b[a-zA-Z]\w{0,30}_\w{1,30}\b|\b__\w{1,30}__\b|\b\w{1,40}\.py\b|\b[A-Z]:\\\S+"
    r"|\b\w{1,40} ?(?:==|!=|<=|>=|[<>]) ?\w+"
)


def prose(text: str) -> str:
    """Return the text with everything pasted replaced by its mark."""
    return "\n".join(_parted(text.splitlines()))


def _parted(lines: list[str]) -> Iterator[str]:
    fenced = in_traceback = False
    before = ""
    for line in lines:
        if _FENCE.match(line):
            fenced = not fenced and line.count("```") < 2
            before = CODE
        elif _TRACEBACK_LINE.match(line):
            in_traceback = True
            before = TRACEBACK
        elif in_traceback and _ERROR_LINE.match(line):
            in_traceback = False
            before = MESSAGE
        elif in_traceback and _INDENTED.match(line):
            before = TRACEBACK
        elif fenced or is_code(line) or (before == CODE and _INDENTED.match(line)):
            in_traceback = False
            before = CODE
        elif not line.strip():
            continue
        else:
            in_traceback = False
            before = ""
            yield _sentence(line)
            continue
        yield before


def is_code(line: str) -> bool:
    """Whether a line is a statement of Python, as far as its shape tells."""
    bare = _COMMENT.sub("", _QUOTED.sub('""', line)).rstrip()
    if _STATEMENT.match(bare):
        return not bare.endswith("?")
    return bool(_LOOSE_STATEMENT.match(bare)) and not _PROSE.search(bare)


def _sentence(line: str) -> str:
    line = _MESSAGE.sub(f" {MESSAGE} ", line)
    line = _ERROR_WORD.sub(f" {ERROR_NAME} ", line)
    return _PIECE.sub(f" {SNIPPET} ", line)
