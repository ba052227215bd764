"""Streams: texts, ready to have statements looked for in them: as rows of tokens, in every way they may be read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from functions.shared.guard.lexing import Lexed, lexed
from functions.shared.guard.normalising import parsed, statements
from functions.shared.guard.reading import blocks
from functions.shared.guard.saying import in_python
from functions.shared.guard.unmasking import views

REMEMBERED = 64
"""Texts; those of the last turns are read again with every answer."""

_SAID = re.compile(r"""(?<=[\s:(\[])["'](\S[^\n]{3,200}?)["'](?=\s+[a-z]|[.!?)]|$)""", re.MULTILINE)
"""What is quoted within prose, were there quotes in it."""
_TEXT = re.compile(r"""(?<!\w)(["'])((?:\\.|(?!\1)[^\\\n]){4,300})\1(?!\w)""")
_TO_THE_END = re.compile(r"""(?<!\w)["']((?:\\.|[^\\\n]){4,300})["'](?=[,;.)\]]{0,3}\s*$)""", re.MULTILINE)
_ESCAPED = re.compile(r"\\(.)")
_BETWEEN = "\0"


@dataclass(frozen=True)
class Reading:
    """Texts, ready to have statements looked for in them."""

    texts: tuple[str, ...]

    @cached_property
    def stream(self) -> Lexed:
        """Every text as it is, as Python would say it, and its programs in one form: one after the other."""
        streams = [stream for text in self.texts for stream in _streams(text)]
        words = (word for stream in streams for word in (*stream.words, _BETWEEN))
        return Lexed("".join(f"{stream.shape}{_BETWEEN}" for stream in streams), tuple(words))


@lru_cache(maxsize=REMEMBERED)
def read(texts: tuple[str, ...]) -> Reading:
    """Return texts as they are looked through, whatever was done to hide something in them."""
    return Reading(tuple(dict.fromkeys(view for text in texts for view in views(text))))


@lru_cache(maxsize=REMEMBERED)
def _streams(text: str) -> tuple[Lexed, ...]:
    trees = [tree for block in blocks(text) if (tree := parsed(block.code))]
    trees += [tree] if "\n" in text and (tree := parsed(text)) else []
    quoted = "\n".join(_quoted(text, trees))
    trees += [tree] if quoted and (tree := parsed(quoted)) else []
    canonical = "\n".join(line for tree in trees for line in statements(tree, canonical=True))
    ways = (text, in_python(text), canonical, _SAID.sub(r"\n\1\n", text), quoted)
    return tuple(lexed(way) for way in dict.fromkeys(ways) if way)


def _quoted(text: str, trees: Iterable[ast.AST]) -> Iterator[str]:
    """Yield what stands between quotes in a text or in its programs, as it was before it was quoted."""
    for pattern in (_TEXT, _TO_THE_END):
        yield from (_ESCAPED.sub(_plain, found[found.lastindex or 0]) for found in pattern.finditer(text))
    constants = (node.value for tree in trees for node in ast.walk(tree) if isinstance(node, ast.Constant))
    yield from (value for value in constants if isinstance(value, str) and len(value) > 3)


def _plain(sign: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t"}.get(sign[1], sign[1])
