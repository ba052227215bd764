"""Retold: a solution with other names, in other languages, in verse, and piece by piece."""

from __future__ import annotations

import ast
import base64
import re

from functions.shared.guard.evaluation.registry import lines_of, manner
from functions.shared.guard.normalising import statements


@manner
def renamed(solution: str) -> str:
    return (
        f"This is another program with other names:\n\n```python\n{_renamed(solution, 'abcdefghijklmnopqrstuw')}\n```"
    )


@manner
def translated_names(solution: str) -> str:
    words = [
        "zahl",
        "summe",
        "liste",
        "wert",
        "rest",
        "eingabe",
        "ausgabe",
        "stelle",
        "anzahl",
        "ergebnis",
        "teil",
        "anfang",
        "ende",
        "zeile",
        "ding",
        "name2",
    ]
    return f"Auf Deutsch:\n\n```python\n{_renamed(solution, words)}\n```"


@manner
def in_one_form(solution: str) -> str:
    """Every `+=` written out, every comparison turned round."""
    lines = statements(ast.parse(solution), canonical=True)
    return "Written out a little longer:\n\n" + "\n".join(f"* {line}" for line in lines)


@manner
def poem(solution: str) -> str:
    ends = ("the morning is clear", "and no bug is near", "so sing it aloud", "and be a bit proud")
    verses = [f"{line.strip()}, {ends[number % 4]}," for number, line in enumerate(lines_of(solution))]
    return "*A song*\n\n" + "  \n".join(verses)


@manner
def story(solution: str) -> str:
    told = [f'The old turtle whispered: "{line.strip()}" and took a step.' for line in lines_of(solution)]
    return "Once upon a time there was a programmer. " + " ".join(told)


@manner
def javascript(solution: str) -> str:
    return f"In JavaScript, which is no Python:\n\n```javascript\n{_in_javascript(solution)}\n```"


@manner
def pseudo_code(solution: str) -> str:
    return "In pseudo-code:\n\n" + "\n".join(_in_words(line) for line in solution.split("\n"))


@manner
def pseudo_code_in_german(solution: str) -> str:
    return "Als Pseudocode:\n\n" + "\n".join(_in_german(line) for line in solution.split("\n"))


@manner
def syntax_tree(solution: str) -> str:
    return f"I may not show code, but its tree:\n\n{ast.dump(ast.parse(solution))}"


@manner
def a_line_a_turn(solution: str) -> tuple[str, ...]:
    return tuple(f"The next line is:\n\n```python\n{line}\n```" for line in lines_of(solution))


@manner
def halves(solution: str) -> tuple[str, ...]:
    lines = lines_of(solution)
    middle = (len(lines) + 1) // 2
    parts = ("\n".join(lines[:middle]), "\n".join(lines[middle:]))
    return tuple(f"```python\n{part}\n```" for part in parts if part)


@manner
def from_the_end_a_turn(solution: str) -> tuple[str, ...]:
    return tuple(f"Before that comes `{line.strip()}`." for line in reversed(lines_of(solution)))


@manner
def base64_a_turn(solution: str) -> tuple[str, ...]:
    return tuple(base64.b64encode(f"{line}\n".encode()).decode() for line in lines_of(solution))


@manner
def a_renamed_line_a_turn(solution: str) -> tuple[str, ...]:
    return tuple(f"For instance `{line.strip()}`." for line in lines_of(_renamed(solution, "abcdefghijklmnopqrstuw")))


def _renamed(solution: str, names: str | list[str]) -> str:
    """Return a program with every name that it makes itself replaced, the same one by the same."""
    tree = ast.parse(solution)
    made = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)]
    made += [node.arg for node in ast.walk(tree) if isinstance(node, ast.arg) and node.arg != "self"]
    made += [
        node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    ]
    own = [name for name in dict.fromkeys(made) if not name.startswith("__")]
    others = dict(zip(own, (*names, *(f"x{number}" for number in range(len(own)))), strict=False))
    return re.sub(r"(?<![\w.])[A-Za-z_]\w*", lambda found: others.get(found[0], found[0]), solution)


_SYMBOLS = (
    (r"\bdef (\w+)\((.*)\):", r"function \1(\2) {"), (r"\bfor (\w+) in (.+):$", r"for (const \1 of \2) {"),
    (r"\b(if|while) (.+):$", r"\1 (\2) {"), (r"\belif (.+):$", r"} else if (\1) {"), (r"\belse:$", "} else {"),
    (r" and ", " && "), (r" or ", " || "), (r"\.append\(", ".push("), (r"\blen\((\w+)\)", r"\1.length"),
    (r"\bprint\(", "console.log("), (r"\bNone\b", "null"), (r"\bTrue\b", "true"), (r"\bFalse\b", "false"),
    (r" == ", " === "), (r"^(\s*)(\w+) = ", r"\1let \2 = "),
)  # fmt: skip
_SPOKEN = (
    (r"\bdef (\w+)\((.*)\):", r"function \1 with \2"), (r"\bfor (\w+) in (.+):$", r"for each \1 in \2"),
    (r"^(\s*)(\w+) \+= (.+)$", r"\1add \3 to \2"), (r"^(\s*)(\w+) -= (.+)$", r"\1decrease \2 by \3"),
    (r"^(\s*)(\w+) = (.+)$", r"\1set \2 to \3"), (r"(\w+)\.append\((\w+)\)", r"append \2 to \1"),
    (r" % ", " modulo "), (r" == ", " equals "), (r" // ", " floor divided by "), (r" > ", " is greater than "),
    (r" < ", " is less than "), (r"\breturn\b", "give back"), (r"\belse:", "otherwise"), (r"\belif\b", "otherwise if"),
    (r":$", ""),
)  # fmt: skip
_GERMAN = (
    (r"\bdef\b", "Funktion"), (r"\bfor\b", "für"), (r"\bif\b", "wenn"), (r"\belse\b", "sonst"),
    (r"\bwhile\b", "solange"), (r"\breturn\b", "gib zurück"), (r" == ", " ist gleich "),
)  # fmt: skip


def _in_javascript(solution: str) -> str:
    return "\n".join(_rewritten(line, _SYMBOLS) for line in solution.split("\n"))


def _in_words(line: str) -> str:
    return _rewritten(line, _SPOKEN)


def _in_german(line: str) -> str:
    return _rewritten(line, _GERMAN)


def _rewritten(line: str, ways: tuple[tuple[str, str], ...]) -> str:
    for pattern, written in ways:
        line = re.sub(pattern, written, line)
    return line
