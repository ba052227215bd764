"""Quoting: words that were meant as text, but stand without quotes and so are read as names."""

from __future__ import annotations

import ast

from functions.debug.model import Case, Finding
from functions.debug.rules import looking
from functions.debug.rules.kinds import Kinds
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import beginning, shown
from functions.debug.rules.scoping import Scopes
from functions.debug.rules.undefined import Missing, missing, never_bound

_AS_CLOSE_AS_THE_SAME = 0.9
_VALUES = {
    "result", "results", "total", "sum", "answer", "count", "counter", "value", "values", "output", "score", "number",
    "num", "data", "average", "text", "name", "list", "message", "item", "items", "index", "ans", "res", "avg", "area",
    "price", "line", "lines", "user",
}  # fmt: skip
"""Names so usual for a variable that one standing alone is not taken for a text."""


def surely_text(case: Case) -> Finding | None:
    """A word where only a text makes sense: compared with a text, a key among texts, one of a list of such words."""
    found = missing(case)
    if found and found.name == "__main__":
        return _told(case, found, [found.node] if found.node and found.scopes else [])
    if not found or not found.scopes or not found.node:
        return None
    if found.name.startswith("_") or not _surely(found.node, found.scopes):
        return None
    close = looking.close(found.name, found.known())
    if close and looking.likeness(close, found.name) >= _AS_CLOSE_AS_THE_SAME:
        return None
    return _told(case, found, [node for node in never_bound(found.scopes) if _surely(node, found.scopes)])


def maybe_text(case: Case) -> Finding | None:
    """A word by itself that nothing in the program is called: printed, assigned, or given to a function."""
    found = missing(case)
    if not found or not found.scopes or not found.node or not _maybe(found.node, found.scopes):
        return None
    texts = [node for node in never_bound(found.scopes) if _surely(node, found.scopes) or _maybe(node, found.scopes)]
    return _told(case, found, texts)


def _told(case: Case, found: Missing, texts: list[ast.Name]) -> Finding:
    quote = "'" if case.code.count("'") > case.code.count('"') else '"'
    imported_all = any(alias.name == "*" for alias in looking.nodes(case, ast.alias))
    texts = [node for node in texts if node.id == found.name or not imported_all]
    texts += [found.node] if found.node and found.node not in texts else []
    quoted = f"{quote}{found.name}{quote}"
    return Finding(
        "forgotten_quotes",
        found.line,
        found.name,
        f"{beginning(found.line)} {shown(found.name)} stands without quotes, so Python takes it for a name, and "
        "nothing has that name.",
        f"Is {shown(found.name)} the name of a value, or the text itself? How does Python tell the two apart?",
        f"Put it in quotes: {shown(quoted)}.",
        replaced(case, *((node, f"{quote}{node.id}{quote}") for node in texts)),
    )


def _surely(node: ast.Name, scopes: Scopes) -> bool:
    """Tell whether a name that nothing binds stands where a text is meant."""
    match scopes.parent.get(node):
        case ast.Compare(left=left, comparators=others, ops=operators):
            equal = all(isinstance(one, ast.Eq | ast.NotEq | ast.In | ast.NotIn) for one in operators)
            return equal and any(_is_text(one, scopes) for one in (left, *others) if one is not node)
        case ast.Dict(keys=keys, values=values):
            return _words(keys if node in keys else values, scopes)
        case ast.List(elts=parts) | ast.Tuple(elts=parts) | ast.Set(elts=parts):
            return len(parts) > 1 and _words(parts, scopes)
        case ast.Subscript(value=value, slice=index) if index is node:
            return _is_key(node.id, value, scopes)
    return False


def _maybe(node: ast.Name, scopes: Scopes) -> bool:
    if node.id in _VALUES or len(node.id) < 3 or "_" in node.id:
        return False
    match scopes.parent.get(node):
        case ast.Call(func=ast.Name(id="print" | "input"), args=parts):
            return node in parts and (node.id[0].isupper() or len(parts) == 1)
        case ast.Call(args=parts):
            return node in parts and (node.id[0].isupper() or (len(parts) > 1 and _texts(parts)))
        case ast.Assign(value=value, targets=[ast.Name() | ast.Attribute()]):
            return value is node
        case ast.Dict() | ast.List() | ast.Return() | ast.keyword():
            return node.id[0].isupper()
    return False


def _is_text(node: ast.expr, scopes: Scopes) -> bool:
    """Tell whether a value is a text or holds texts, as far as the program tells."""
    kinds = Kinds(scopes)
    return kinds.of(node) == "str" or kinds.of_part(node) == "str" or kinds.input_call(node) is not None


def _words(parts: list[ast.expr] | list[ast.expr | None], scopes: Scopes) -> bool:
    """Tell whether every part is a text or a name that nothing binds."""
    unbound = set(never_bound(scopes))
    return all((isinstance(part, ast.Name) and part in unbound) or _is_constant_text(part) for part in parts)


def _texts(parts: list[ast.expr]) -> bool:
    return any(_is_constant_text(part) for part in parts)


def _is_constant_text(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def _is_key(name: str, value: ast.expr, scopes: Scopes) -> bool:
    """Tell whether a dictionary of the program has a text as its key."""
    keys = (key for node in scopes.of if isinstance(node, ast.Dict) for key in node.keys)
    written = any(isinstance(key, ast.Constant) and key.value == name for key in keys)
    return written or Kinds(scopes).of(value) == "dict"
