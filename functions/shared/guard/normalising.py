"""Normalising: programs as statements in one form, however they are written.

Of `total += 2` and `total = total + 2`, of `0 < a` and `a > 0`, one is left; docstrings, comments and annotations go.
So does which branch of an `if` comes first, and what stands first beside an `and` or `or`.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from typing import cast

from functions.shared.guard.lexing import lexed

UNREADABLE = (SyntaxError, ValueError, RecursionError, MemoryError)
"""What Python raises at a text that is no program, or one that is nested too deeply."""
LONGEST = 64 * 1024
"""Characters of a program that is read; a learner's has no more."""

_TURNED: dict[type[ast.cmpop], type[ast.cmpop]] = {ast.Gt: ast.Lt, ast.GtE: ast.LtE}
_NEGATED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.LtE: ast.Gt,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip
_SYMMETRIC = (ast.Eq, ast.NotEq)
_NEGATIVE = (ast.NotEq, ast.NotIn, ast.IsNot)
_Defined = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def parsed(source: str) -> ast.Module | None:
    """Return the syntax tree; None where Python cannot read the program, or it is far too long."""
    if len(source) > LONGEST:
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _tree(source)
    except UNREADABLE:
        return None


def _tree(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SystemError:  # rarely, of two threads at once, before Python 3.11.8 (CPython issue 106905)
        return ast.parse(source)


def statements(tree: ast.AST, *, canonical: bool = False) -> tuple[str, ...]:
    """Return each statement as a line without what is nested in it: `for x in items`; () where they nest too deeply."""
    try:
        return tuple(_statements(cast(ast.AST, _Canonical().visit(tree)) if canonical else tree))
    except UNREADABLE:
        return ()


def _statements(node: ast.AST) -> Iterator[str]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            if not _is_text(child):
                yield from _head(child)
            yield from _statements(child)


def _head(node: ast.stmt | ast.excepthandler | ast.match_case) -> Iterator[str]:
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield from (f"@{ast.unparse(decorator)}" for decorator in node.decorator_list)
            yield _definition(node)
        case ast.For() | ast.AsyncFor():
            yield f"for {ast.unparse(node.target)} in {ast.unparse(node.iter)}"
        case ast.While() | ast.If():
            yield f"{'if' if isinstance(node, ast.If) else 'while'} {ast.unparse(node.test)}"
        case ast.With() | ast.AsyncWith():
            yield f"with {', '.join(map(ast.unparse, node.items))}"
        case ast.Try() | ast.TryStar():
            yield "try"
            yield from ["finally"] if node.finalbody else []
        case ast.ExceptHandler():
            yield f"except {ast.unparse(node.type) if node.type else ''}"
        case ast.Match():
            yield f"match {ast.unparse(node.subject)}"
        case ast.match_case():
            guard = f" if {ast.unparse(node.guard)}" if node.guard else ""
            yield f"case {ast.unparse(node.pattern)}{guard}"
        case ast.Pass():
            return
        case _:
            yield ast.unparse(node)


def _definition(node: _Defined) -> str:
    if isinstance(node, ast.ClassDef):
        return f"class {node.name}({', '.join(map(ast.unparse, node.bases))})"
    return f"def {node.name}({ast.unparse(node.args)})"


def _is_text(node: ast.AST) -> bool:
    """Whether a statement is a text alone, such as a docstring."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


class _Canonical(ast.NodeTransformer):
    """Rewrites a tree in place; what means the same comes out the same."""

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        value = ast.BinOp(cast(ast.expr, node.target), node.op, node.value)
        return ast.copy_location(ast.Assign([node.target], value), node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        self.generic_visit(node)
        if node.value is None:
            return ast.copy_location(ast.Pass(), node)
        return ast.copy_location(ast.Assign([node.target], node.value), node)

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_keyword(self, node: ast.keyword) -> ast.AST:
        self.generic_visit(node)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        node.keywords.sort(key=lambda keyword: keyword.arg or "")
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        negated = isinstance(node.op, ast.Not) and isinstance(node.operand, ast.Compare)
        if negated and isinstance(node.operand, ast.Compare) and len(node.operand.ops) == 1:
            node.operand.ops = [_NEGATED[type(node.operand.ops[0])]()]
            return cast(ast.AST, self.visit(node.operand))
        self.generic_visit(node)
        return node

    def visit_If(self, node: ast.If) -> ast.AST:
        self.generic_visit(node)
        test = node.test
        if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], _NEGATIVE):
            test.ops = [_NEGATED[type(test.ops[0])]()]
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        node.values.sort(key=lambda value: lexed(ast.unparse(value)).shape)
        return node

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        if len(node.ops) == 1:
            op, left, right = node.ops[0], node.left, node.comparators[0]
            if type(op) in _TURNED:
                return ast.copy_location(ast.Compare(right, [_TURNED[type(op)]()], [left]), node)
            if isinstance(op, _SYMMETRIC) and isinstance(left, ast.Constant):
                return ast.copy_location(ast.Compare(right, [op], [left]), node)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Add | ast.Mult) and isinstance(node.left, ast.Constant) and _is_number(node.left):
            return ast.copy_location(ast.BinOp(node.right, node.op, node.left), node)
        return node


def _is_number(node: ast.Constant) -> bool:
    return isinstance(node.value, int | float)
