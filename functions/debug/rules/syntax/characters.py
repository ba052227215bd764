"""Characters: those that Python does not know, and what was copied along with a program without being a part of it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from functions.debug.model import Finding
from functions.debug.rules.syntax.program import Edit, Program
from functions.debug.rules.syntax.scanning import Token
from functions.debug.rules.syntax.telling import found, shown

_QUOTES = {**dict.fromkeys("“”„‟«»″＂", '"'), **dict.fromkeys("‘’‚‛‹›′´｀＇", "'")}
_PLAIN = {
    **_QUOTES,
    **dict(zip("（）［］｛｝：，；．＝＋－＊／％＜＞！＃", "()[]{}:,;.=+-*/%<>!#", strict=True)),
    **dict.fromkeys("–—−‐‑‒", "-"),
    **dict.fromkeys("\u00a0\u2002\u2003\u2007\u2009\u202f\u3000", " "),
    **dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f", ""),
    "×": "*", "÷": "/", "·": "*", "≤": "<=", "≥": ">=", "≠": "!=", "…": "...", "、": ",", "。": ".", "∗": "*", "⁄": "/",
    "→": "->", "¬": "not ", "∧": " and ", "∨": " or ", "²": "**2", "³": "**3", "√": "",
}  # fmt: skip
_INVISIBLE = {"\u00a0": "a space of another kind", "\ufeff": "a byte order mark"}
_PROMPT = re.compile(r"^[ \t]*(?:>>>|\.\.\.|In ?\[\d*\]:|\$(?= ))(?:[ \t]|$)")
_STARTED = re.compile(r"^\s*(?:\$ ?)?(?:python3?|py|pip3?)\s+(?:-m\s+)?[\w./\\-]+(?:\.py)?(?:\s+[\w.-]+)*\s*$")


def prompt_pasted(program: Program) -> Iterator[Finding]:
    """Find the signs with which Python's own prompt, or that of a shell, begins a line."""
    prompts = [n for n, line in enumerate(program.lines, 1) if _PROMPT.match(line) and (">>>" in line or n > 0)]
    started = [n for n, line in enumerate(program.lines, 1) if _STARTED.match(line)]
    if not prompts and not started:
        return
    first = (prompts + started)[0]
    plain = [(n, _PROMPT.sub("", program.line(n), count=1)) for n in prompts] + [(n, "") for n in started]
    known = set(prompts) | set(started)
    printed = [(n, f"# {line}") for n, line in enumerate(program.lines, 1) if n not in known and line.strip()]
    sign = _PROMPT.match(program.line(first))
    for changes in (plain, plain + printed):
        yield found(
            program,
            "prompt_pasted",
            first,
            f"{{at}} begins with {shown(sign.group() if sign else program.line(first))}, which the terminal shows and "
            "which is not a part of the program.",
            "Which signs at the beginning of the lines did you type, and which ones stood there already?",
            fixed=program.with_lines(changes),
            expression=sign.group().strip() if sign else program.line(first).strip(),
        )


def strange_character(program: Program) -> Iterator[Finding]:
    """Find characters that Python knows only within a text, and quotes that are not Python's."""
    guilty = [token for token in program.tokens if token.kind == "bad" and token.text != "\\"]
    guilty = [t for t in guilty if t.text != "?" or not re.search(r"\?.*:", program.line(t.line))]
    guilty += [t for t in program.tokens if t.kind == "name" and not t.text.isidentifier()]
    if not guilty:
        return
    line = program.refusal.line if program.refusal else 0
    first = min(guilty, key=lambda token: (token.line != line, token.start))
    for fixed in [*_replaced(program, guilty), None]:
        yield found(
            program,
            "invalid_character",
            first.line,
            f"{{at}} has {_named(first.text)}, which Python does not know outside of a text.{_why(first.text)}",
            f"Delete {_named(first.text)} in {{at}} and type the sign that you mean on your keyboard. Are there more "
            "of its kind?",
            fixed=fixed,
            solution=""
            if fixed and first.text.isprintable()
            else f"Take {_named(first.text)} out of {{at}}, or type the plain sign in its place.",
            expression=first.text,
        )


def _replaced(program: Program, guilty: list[Token]) -> Iterator[str]:
    edits = [
        (t.start, t.end, "".join(_PLAIN.get(sign, "" if sign in "$`@?" else sign) for sign in t.text)) for t in guilty
    ]
    yield program.edited(*edits)
    lines = {token.line for token in guilty}
    quotes = [(n, "".join(_QUOTES.get(sign, sign) for sign in program.line(n))) for n in lines]
    yield program.with_lines(quotes)
    yield program.with_lines((n, _quoted_otherwise(program.line(n))) for n in lines)
    everything = [(n, "".join(_PLAIN.get(sign, sign) for sign in program.line(n))) for n in lines]
    yield program.with_lines(everything)
    yield program.with_lines(
        (n, "".join(_PLAIN.get(sign, sign) for sign in line)) for n, line in enumerate(program.lines, 1)
    )
    yield program.edited(*((t.start, t.end, "") for t in guilty))
    yield program.edited(*((t.start, t.end, "_" if t.kind == "bad" else t.text) for t in guilty))


def _quoted_otherwise(line: str) -> str:
    """Make curly quotes plain ones, and an apostrophe between letters a plain one that cannot end a text."""
    line = re.sub(r"(?<=\w)[‘’](?=\w)", "\\'", line)
    return "".join(_QUOTES.get(sign, sign) for sign in line)


def _named(text: str) -> str:
    sign = next((s for s in text if not s.isidentifier() and not s.isdigit()), text)
    if sign.isprintable() and not sign.isspace():
        return f"the character {shown(sign)}"
    name = _INVISIBLE.get(sign) or unicodedata.name(sign, "").lower() or "a control character"
    return f"an invisible character (U+{ord(sign):04X}, {name})"


def _why(text: str) -> str:
    if text in _QUOTES:
        return " Word processors and messengers put such curly quotes in the place of plain ones."
    return " It often comes along when a program is copied from a page or a chat." if text in _PLAIN else ""


def stray_backslash(program: Program) -> Iterator[Finding]:
    """Find a backslash outside of a text with something behind it."""
    for token in program.tokens:
        if token.kind != "bad" or token.text != "\\":
            continue
        end = program.start(token.line) + len(program.line(token.line))
        rest = program.code[token.end : end]
        edits: list[Edit] = []
        if not rest.strip() or rest.strip().startswith("#"):
            edits = [(token.start, end, "\\")]
        newline = re.match(r"[nt]+\b", rest)
        proposals = [edits] if edits else []
        if newline:
            proposals.append([(token.start, token.end + newline.end(), "")])
        proposals += [[(token.start, token.end, "/")], [(token.start, token.end, "")]]
        for proposal in proposals:
            yield found(
                program,
                "invalid_character",
                token.line,
                "{at} has a backslash outside of a text. There it means “this line goes on in the next one”, so "
                "nothing may follow it, not even a space.",
                "What should the backslash in {at} do: divide (`/`), begin a new line within a text (`\\n` inside the "
                "quotes), or continue the line?",
                fixed=program.edited(*proposal),
                expression=program.code[token.start : end].strip(),
            )
        return


def leading_zero(program: Program) -> Iterator[Finding]:
    """Find whole numbers that begin with a nought."""
    edits = []
    for statement in program.near:
        for token in statement.tokens:
            if token.kind == "number" and re.fullmatch(r"0+[\d_]*[1-9][\d_]*", token.text):
                edits.append((token.start, token.end, token.text.lstrip("0_")))
    if edits:
        start, end, right = edits[0]
        written = program.code[start:end]
        yield found(
            program,
            "leading_zero",
            program.line_of(start),
            f"The number {shown(written)} in {{at}} begins with `0`, which Python does not allow for whole numbers.",
            f"Is {shown(written)} a number to calculate with, or a text of digits such as a code or a telephone "
            f"number?",
            fixed=program.edited(*edits),
            solution=f"Write {shown(right)} in {{at}}, or {shown(repr(written))} with quotes if the noughts matter.",
            expression=written,
        )
