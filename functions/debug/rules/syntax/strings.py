"""Strings: texts without an end, with an end too early, or with an end of another kind."""

from __future__ import annotations

import re
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.likely import names_known, penalty
from functions.debug.rules.syntax.program import HEADERS, Edit, Program
from functions.debug.rules.syntax.scanning import CLOSING, OPENING, Token
from functions.debug.rules.syntax.telling import found, shown

_MOST_LINES = 40
_WORD_ALONE = re.compile(r"\s*(?!(?:pass|break|continue|return|else)\b)\w+\s*")
_BEHIND_TEXT = (")", "]", "}", ",", ":", ";", " ", "+", "%", ".", "\n", "")
_BEFORE_TEXT = re.compile(r"(?:[(\[{=,+:%<>]|\b(?:return|in|print|and|or|else))[ ]?$")
_MOST_PROPOSALS = 30


def unterminated(program: Program) -> Iterator[Finding]:
    """Find strings in simple quotes that do not end in their line."""
    line = program.refusal.line if program.refusal else 0
    broken = [t for t in program.tokens if t.kind == "string" and not t.closed and len(t.quote) == 1]
    for token in sorted(broken, key=lambda t: abs(t.line - line))[:1]:
        known = names_known(program, token.line)
        ranked = []
        for effort, edits in _proposals(program, token):
            fixed = program.edited(*edits)
            ranked.append(
                (effort + penalty(fixed.split("\n")[token.line - 1], known), _unterminated(program, token, fixed))
            )
        for first, edits in _quotes_within(program, token):
            fixed = program.edited(*edits)
            ranked.append((1 + penalty(fixed.split("\n")[token.line - 1], known), _ended_early(program, first, fixed)))
        for _, finding in sorted(ranked, key=lambda proposal: proposal[0])[:_MOST_PROPOSALS]:
            yield finding
        yield _unterminated(program, token, None)


def _proposals(program: Program, token: Token) -> Iterator[tuple[int, list[Edit]]]:
    """Yield ways of ending or beginning a text, each with how much more than one sign it changes."""
    yield from ((0, edits) for edits in _backslash_at_end(token))
    yield from ((0, edits) for edits in _other_quote(program, token))
    yield from ((0, edits) for edits in _quote_put_in(program, token))
    yield from ((2, edits) for edits in _quote_and_more(program, token))
    yield from ((3, edits) for edits in _over_lines(program, token))


def _unterminated(program: Program, token: Token, fixed: str | None) -> Finding:
    text = program.code[token.start : program.start(token.line) + len(program.line(token.line))]
    return found(
        program,
        "unterminated_string",
        token.line,
        f"In {{at}} a text begins at {shown(text[:40])}, and the line ends before Python sees the {shown(token.quote)} "
        "that would end it.",
        f"Go along {{at}} and pair the quotes: which {shown(token.quote)} begins a text, and which one ends it? A "
        "quote or an apostrophe within the text ends it as well.",
        fixed=fixed,
        solution="" if fixed else f"End the text with {shown(token.quote)}, or put other quotes around it.",
        expression=text.strip(),
    )


def _line_end(program: Program, token: Token) -> int:
    return program.start(token.line) + len(program.line(token.line).rstrip())


def _quote_put_in(program: Program, token: Token) -> Iterator[list[Edit]]:
    """Put a quote where a text may end, or where one may begin; first where the lonely quote lacks its partner."""
    begin, end = program.start(token.line) + len(program.indent(token.line)), _line_end(program, token)
    text = program.code[begin:end]
    ends = [n for n in range(len(text), 0, -1) if _may_end(text[n:])]
    begins = [n for n in range(1, len(text)) if not text[n].isspace() and _BEFORE_TEXT.search(text[:n])]
    seems_end = token.body[:1] in _BEHIND_TEXT and token.body[:1] != " "
    for at in (begins + ends) if seems_end else (ends + begins):
        yield [(begin + at, begin + at, token.quote)]


def _may_end(behind: str) -> bool:
    """Tell whether a text may end where this is left of its line; white space before a comma belongs to the text."""
    return behind[:1] in _BEHIND_TEXT and not (behind[:1] == " " and behind.lstrip()[:1] in _BEHIND_TEXT)


def _quote_and_more(program: Program, token: Token) -> Iterator[list[Edit]]:
    """End the text at the end of the line, and there close what is open, or open the block, too."""
    end = _line_end(program, token)
    words = [t for t in program.tokens if t.line == token.line and t.end <= token.start and t.kind == "op"]
    opened = [t.text for t in words if t.text in CLOSING]
    closed = sum(t.text in OPENING for t in words)
    missing = "".join(CLOSING[sign] for sign in reversed(opened[: max(len(opened) - closed, 0)]))
    if missing:
        yield [(end, end, token.quote + missing)]
    if program.line(token.line).split()[0] in HEADERS:
        yield [(end, end, f"{token.quote}{missing}:")]


def _other_quote(program: Program, token: Token) -> Iterator[list[Edit]]:
    """Exchange a quote of the other kind that was to be the partner of this one, as in `"Hello'`."""
    other = "'" if token.quote == '"' else '"'
    begin = program.start(token.line)
    for at in range(begin, _line_end(program, token)):
        if program.code[at] == other:
            yield [(at, at + 1, token.quote)]
    start = token.start + len(token.prefix)
    yield [(start, start + 1, other)]


def _quotes_within(program: Program, token: Token) -> Iterator[tuple[Token, list[Edit]]]:
    """Put other quotes around a text that has an apostrophe in it, as in `'It's'`; each with the text cut short."""
    last = program.code.rfind(token.quote, token.start, _line_end(program, token))
    same = [t for t in program.tokens if t.line == token.line and t.kind == "string" and t.quote == token.quote]
    for first in same:
        if first.start < token.start or last > token.start:
            yield from ((first, edits) for edits in _around(program, first, last, token.quote))


def _around(program: Program, first: Token, last: int, quote: str) -> Iterator[list[Edit]]:
    start = first.start + len(first.prefix)
    inner = program.code[start + 1 : last]
    other = "'" if quote == '"' else '"'
    if other not in inner and last > start:
        yield [(start, start + 1, other), (last, last + 1, other)]
    escaped = re.sub(rf"(?<!\\){quote}", lambda match: "\\" + match.group(), inner)
    if escaped != inner and last > start:
        yield [(start + 1, last, escaped)]


def _backslash_at_end(token: Token) -> Iterator[list[Edit]]:
    r"""Double a backslash that keeps the quote behind it from ending the text, as in `"C:\"`."""
    for match in re.finditer(rf"\\{token.quote}", token.text):
        at = token.start + match.start()
        yield [(at, at, "\\")]


def _over_lines(program: Program, token: Token) -> Iterator[list[Edit]]:
    """Put three quotes around a text that goes over several lines."""
    start = token.start + len(token.prefix)
    for number in range(token.line + 1, min(token.line + _MOST_LINES, len(program.lines)) + 1):
        line = program.line(number)
        if token.quote in line:
            end = program.start(number) + line.index(token.quote)
            if line.count(token.quote) % 2:
                yield [(start, start + 1, token.quote * 3), (end, end + 1, token.quote * 3)]
            return


def quotes_in_text(program: Program) -> Iterator[Finding]:
    """Find a text that its own quotes end too early: `"He said "hi" to me"`."""
    for statement in program.near:
        strings = [t for t in statement.tokens if t.kind == "string" and len(t.quote) == 1 and t.closed]
        for first in strings:
            same = [t for t in strings if t.line == first.line and t.quote == first.quote and t.start >= first.start]
            touched = first.end < len(program.code) and (
                program.code[first.end].isalnum() or program.code[first.end] in "_\\"
            )
            if len(same) < 2 or not touched:
                continue
            for last in same[1:][::-1]:
                for edits in _around(program, first, last.end - 1, first.quote):
                    yield _ended_early(program, first, program.edited(*edits))


def _ended_early(program: Program, first: Token, fixed: str) -> Finding:
    return found(
        program,
        "unterminated_string",
        first.line,
        f"The text in {{at}} has {shown(first.quote)} within it. For Python the text ends there already, at "
        f"{shown(first.text)}, and the rest stands outside of it.",
        "Which quotes in {at} are to be seen in the text, and which ones stand around it? They must not be of the "
        "same kind.",
        fixed=fixed,
        expression=program.code[first.start : program.start(first.line) + len(program.line(first.line))].strip(),
    )


def unterminated_triple(program: Program) -> Iterator[Finding]:
    """Find strings in three quotes that never end."""
    token = next((t for t in program.tokens if t.kind == "string" and not t.closed and len(t.quote) == 3), None)
    if token is None:
        return
    for fixed in [*_triple_ends(program, token), None]:
        yield found(
            program,
            "unterminated_triple_string",
            token.line,
            f"The text that begins with {shown(token.quote)} in {{at}} never ends: Python takes all that follows, to "
            "the last line of the program, for a part of it.",
            "Where should the text from {at} end? Three quotes of the same kind belong there.",
            fixed=fixed,
            solution="" if fixed else f"Put {shown(token.quote)} where the text ends.",
            expression=program.line(token.line).strip(),
        )


def _triple_ends(program: Program, token: Token) -> Iterator[str]:
    quote = token.quote
    short = next(
        (t for t in program.tokens if t.line == token.line and t.text in ('""', "''") and t.end < token.start), None
    )
    if short:
        yield program.edited((short.end, short.end, quote[0]))
    for match in re.finditer(
        rf"(?<!{quote[0]}){quote[0]}{{1,2}}(?={re.escape(quote[0])}?[ \t)]*$)", token.body, re.MULTILINE
    ):
        begin = token.start + len(token.prefix) + 3
        yield program.edited((begin + match.start(), begin + match.end(), quote))
        break
    other = "'''" if quote == '"""' else '"""'
    at = program.code.find(other, token.start + len(token.prefix) + 3)
    if at >= 0:
        yield program.edited((at, at + 3, quote))
    for number in range(token.line, min(token.line + _MOST_LINES, len(program.lines) + 1)):
        end = program.start(number) + len(program.line(number).rstrip())
        before = program.code[token.start + len(token.prefix) + 3 : end]
        if before.strip() and not _WORD_ALONE.fullmatch(program.line(number + 1)):
            yield program.edited((end, end, quote))
            if before.endswith(")"):
                yield program.edited((end - 1, end - 1, quote))
    end = len(program.code.rstrip())
    yield program.edited((end, end, quote))
