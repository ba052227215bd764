"""Diagrams: the Mermaid that an answer may hold, a small part of its flowcharts that its own parser reads for certain.

    flowchart TD
        a["What happens first"] --> b{"Is it true?"}
        b -->|"yes"| c(["Done"])

Every label is in quotes, and every character in it is plain or a numeric entity (`#34;`), as `functions.shared.mermaid`
writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from functions.shared.guard.reading import Text, blocks

_HEAD = re.compile(r"(?:flowchart|graph) (?:TD|TB|LR|RL|BT)\Z")
_RESERVED = "end|graph|flowchart|subgraph|style|class|click|default|linkStyle|classDef|direction|call|href"
_ID = rf"(?!(?:{_RESERVED})(?![A-Za-z0-9]))[A-Za-z][A-Za-z0-9]{{0,30}}"
_LABEL = r'"(?:[^\W_]|[ ,.?!\'()=+/-]|#\d{1,7};|<br/>){1,400}"'
_NODE = rf"({_ID})((?:\[{_LABEL}\]|\({_LABEL}\)|\(\[{_LABEL}\]\)|\{{{_LABEL}\}})?)"
_ALONE = re.compile(rf"{_NODE}\Z")
_ARROW = re.compile(rf"{_NODE} -->(?:\|{_LABEL}\|)? {_NODE}\Z")
MOST_LINES = 200


def is_broken_diagram(text: str) -> bool:
    """Return whether a diagram is none that is known to be shown as it was meant."""
    lines = [line.strip() for line in text.strip().split("\n") if line.strip()]
    if not lines or len(lines) > MOST_LINES or not _HEAD.match(lines[0]):
        return True
    labelled, named = set[str](), set[str]()
    for line in lines[1:]:
        found = _ALONE.match(line) or _ARROW.match(line)
        if found is None:
            return True
        parts = found.groups()
        named |= set(parts[::2])
        labelled |= {name for name, label in zip(parts[::2], parts[1::2], strict=True) if label}
    return not named or named != labelled


def diagrams_in(texts: Iterable[Text]) -> Iterator[str]:
    """Yield the diagrams of an answer: the fields that hold one, and blocks of Mermaid."""
    for text in texts:
        if text.kind == "diagram":
            yield text.text
        elif text.kind == "prose":
            yield from (block.code for block in blocks(text.text) if block.language == "mermaid")
