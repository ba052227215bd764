"""Forms: how pseudo-code and other languages put what Python puts in another order, or with other calls."""

from __future__ import annotations

import re
from collections.abc import Iterator

_PSEUDO = (
    (
        "remainder",
        r"\bremainder (?:of|when|after)(?: dividing)? ([\w.]{1,40})(?: is)?(?: divided)? by ([\w.]{1,40})",
        r"\1 % \2",
    ),
    (
        "set let initiali put assign",
        r"\b(?:set|let|initiali[sz]e|put|assign)(?: the)? ([\w.\[\]]{1,60}) (?:to be|to|be|as|with) ",
        r"\n\1 = ",
    ),
    ("store", r"\bstore ([^\n.]{1,60}?) in ([\w.]{1,40})", r"\n\2 = \1"),
    ("add", r"\badd(?: the| one| a)? ([^\n;]{1,60}?) to(?: the)? ([\w.]{1,40})", r"\n\2 += \1\n\2.append(\1)\n"),
    ("append", r"\bappend(?: the)? ([\w.*+ ]{1,40}?) to(?: the)? ([\w.]{1,40})", r"\n\2.append(\1)\n"),
    ("subtract take", r"\b(?:subtract|take)(?: the)? ([\w.]{1,40}) from(?: the)? ([\w.]{1,40})", r"\n\2 -= \1\n"),
    (
        "increase increment grow",
        r"\b(?:increase|increment|grow)(?: the)? ([\w.]{1,40}) by ([\w.]{1,40})",
        r"\n\1 += \2\n",
    ),
    (
        "decrease decrement reduce lower",
        r"\b(?:decrease|decrement|reduce|lower)(?: the)? ([\w.]{1,40}) by ([\w.]{1,40})",
        r"\n\1 -= \2\n",
    ),
    ("change", r"\bchange(?: the)? \[?(\w{1,40})\]? by \(?-([\w.]{1,40})\)?", r"\n\1 -= \2\n"),
    ("multiply", r"\bmultiply(?: the)? ([\w.]{1,40}) by ([\w.]{1,40})", r"\n\1 *= \2\n"),
    (
        "times",
        r"((?!(?:if|while|with|and|or|not|return|in|elif|print)\b)\b[\w.]{1,40}|\)) times (?=[\w(])(?!is |equal)",
        r"\1 * ",
    ),
    ("underscore", r"(\w{1,40}) underscore (?=\w)", r"\1_"),
    ("=", r"\b(if|while|until) ([^\n=<>!]{1,60}?) = (?!=)", r"\1 \2 == "),
    ("<>", r"<>", " != "),
    ("end begin done", r"\bend(?:if|for|while| if| for| while)\b|\bbegin\b|\bdone\b", "\n"),
    (
        "fun proc def",
        r"\b(?:function|procedure|define|def|func|fun) (\w{1,40}) (?:with|taking|that takes|takes)\b",
        r"def \1",
    ),
)
_FOREIGN = (
    ("foreach(", r"\b(\w{1,40})\.forEach\(\s?\(?(?:\w{1,20} )?(\w{1,40})\)? ?=>", r"\nfor \2 in \1 "),
    (" : ", r"\bfor ?\(? ?(?:(?!each\b)\w{1,20} )?(\w{1,40}) : (?=\w)", r"for \1 in "),
    (" of ", r"\bfor\s{0,3}(\((?:const |let |var |int |auto )?[\w, ]{1,40}) of ", r"for \1 in "),
    (
        "contains include has indexof",
        r"\b([\w.]{1,40})\.(?:contains|includes|include\?|has|indexOf)\(?(?: )?([\w.]{1,40})\)?",
        r"\2 in \1",
    ),
    ("int number ato strto", r"\b(?:Integer\.parseInt|Int\.parse|parseInt|Number|Int|strtol|atoi)(?=\()", "int"),
    ("empty", r"\b([\w.]{1,40})\.(?:isEmpty|is_empty|empty)\b(?:\(\))?\??", r" not \1 "),
    ("unless", r"\bunless\s{1,3}not\b", "if "),
    ("unless", r"\bunless\b", "if not "),
    (".max .min .sum .sort", r"\b([\w.]{1,40})\.(max|min|sum|sort|sorted)\b(?:\(\))?(?= ?[-+*/;\n)]|$)", r"\2 \1"),
    (".dup .clone .tolist .slice", r"\.(?:dup|clone|toList|slice)\b(?:\(\))?", ".copy()"),
    (
        "list vector",
        r"\bnew (?:Array)?(?:List|Vector)\b(?:<[^<>\n]{0,40}>)?\(\)|\b(?:mutableListOf|listOf|List)\(\)",
        "[]",
    ),
    ("map", r"\bnew (?:Hash|Tree)?Map\b(?:<[^<>\n]{0,40}>)?\(\)|\b(?:mutableMapOf|mapOf)\(\)", "{}"),
    ("null nil undefined", r"(?<=[\w)])(?: ?[!=]==?| is) (not )?(?:null|nil|undefined)\b", r" is \1None"),
    ("* &", r"(?<=[(\s])[*&](?=[a-z_]\w{0,40} ?[<>=!)])", ""),
    ("format", r"\b(?:Number|Input|Parse)?Format(?:Exception|Error)(?: \w{1,10}(?=\)))?", "ValueError"),
    ("f", r"\b(?:function|func|fn|fun|funktion|fonction|función) (?=\w{1,40} ?\()", "def "),
    (
        " ",
        r"\b(?:const|let|var|val|int|double|auto|string|bool|float|long|char) \*?(?=\w{1,40}(?: =| of | in |,))",
        " ",
    ),
    ("<", r"\b(?:List|ArrayList|Map|Set|Array|vector)<[^<>\n]{0,40}> (?=\w)", " "),
    ("new ", r"\bnew (?=[A-Z])", " "),
    ("++", r"([\w.]{1,40})\+\+", r"\1 += 1"),
    ("--", r"([\w.]{1,40})--(?!\w)", r"\1 -= 1"),
    (".push .add", r"([\w.]{1,40})\.(?:push|add|push_back)\(", r"\1.append("),
    (".length .size", r"([\w.]{1,40})\.(?:length|size)\b(?:\(\))?", r" len \1 "),
)
"""Texts of which a form has one in lower case, what it looks like, and what stands for it in Python."""
_ATOM = r"([^\s()]{1,80})"
_PREFIXED = re.compile(rf"\(\s{{0,3}}([-+*/%<>=!]{{1,3}}|and|or|in|is)\s{{1,3}}{_ATOM}\s{{1,3}}{_ATOM}\s{{0,3}}\)")
_JOINED = "\x01"
DEEPEST = 6
"""How deep brackets with a sign first are turned round: `(= a (+ a 1))`."""


def reordered(text: str) -> str:
    """Return a text with its forms in the order of Python."""
    text = _turned(text)
    for form, written in _forms_in(text.lower()):
        text = form.sub(written, text)
    return text


def _forms_in(text: str) -> Iterator[tuple[re.Pattern[str], str]]:
    return ((form, written) for marks, form, written in _FORMS if any(mark in text for mark in marks))


def _turned(text: str) -> str:
    """Return a text with what stands in brackets, the sign first as in Lisp, in the order of Python."""
    for _ in range(DEEPEST):
        text, turned = _PREFIXED.subn(rf"\2{_JOINED}\1{_JOINED}\3", text)
        if not turned:
            break
    return text.replace(_JOINED, " ")


_FORMS = tuple(
    (tuple(marks.split()) or (marks,), re.compile(pattern, re.IGNORECASE), written)
    for marks, pattern, written in (*_PSEUDO, *_FOREIGN)
)
