"""Diagrams: the Mermaid that an answer may hold, a small part of its flowcharts that its own parser reads for certain.

    flowchart TD
        a["What happens first"] --> b{"Is it true?"}
        b -->|"yes"| c(["Done"])

Every label is in quotes, but for a few words on an arrow, and every character in it is plain or a numeric entity
(`#34;`), as `functions.shared.mermaid` writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from functions.shared.guard.reading import Text, blocks

_HEAD = re.compile(r"(?:flowchart|graph) (?:TD|TB|LR|RL|BT)\Z")
_RESERVED = "end|graph|flowchart|subgraph|style|class|click|default|linkStyle|classDef|direction|call|href"
_ID = rf"(?!(?:{_RESERVED})(?![A-Za-z0-9]))[A-Za-z][A-Za-z0-9]{{0,30}}"
_LABEL = r'"(?:[^\W_]|[ ,.?!\'()=+/-]|#\d{1,7};|<br/>){1,400}"'
_ONE = rf"{_ID}(?:\[{_LABEL}\]|\({_LABEL}\)|\(\[{_LABEL}\]\)|\{{{_LABEL}\}})?"
_NODE = re.compile(rf"({_ID})(?![A-Za-z0-9])([\[({{]?)")
_WORDS = re.compile(rf"{_LABEL}|\|[^|]*\||-->")
_PLAIN = rf"(?![^|]*\b(?:{_RESERVED})\b)[^\W\d_][^\W_]{{0,30}}(?: [^\W_]{{1,30}}){{0,7}}"
_ARROW = rf" -->(?:\|(?:{_LABEL}|{_PLAIN})\|)? "
_LINE = re.compile(rf"{_ONE}(?:{_ARROW}{_ONE}){{0,20}}\Z")
MOST_LINES = 200


def is_broken_diagram(text: str) -> bool:
    """Return whether a diagram is none that is known to be shown as it was meant."""
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()]
    if not lines or len(lines) > MOST_LINES or not _HEAD.match(lines[0]):
        return True
    labelled, named = set[str](), set[str]()
    for line in lines[1:]:
        if not _LINE.match(line):
            return True
        for name, label in _NODE.findall(_WORDS.sub(" ", line)):
            named.add(name)
            labelled |= {name} if label else set()
    return not named or named != labelled


def diagrams_in(texts: Iterable[Text]) -> Iterator[str]:
    """Yield the diagrams of an answer: the fields that hold one, and blocks of Mermaid."""
    for text in texts:
        if text.kind == "diagram":
            yield text.text
        elif text.kind == "prose":
            yield from (block.code for block in blocks(text.text) if block.language == "mermaid")
