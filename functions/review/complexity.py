"""Complexity: how many ways lead through each function (McCabe 1976), and how hard a program is to maintain."""

from __future__ import annotations

from typing import cast

from functions.review.finding import Finding
from functions.review.model import Complexity, FunctionComplexity, Rank
from functions.review.program import Program
from functions.review.rules.writing import comments

TANGLED = 10
"""Ways through a function, above which McCabe advises to part it (A Complexity Measure, 1976)."""


def complexity(program: Program) -> Complexity:
    """Measure a program with radon, which is imported when the first one comes."""
    from radon.complexity import add_inner_blocks, cc_rank
    from radon.metrics import h_visit_ast, mi_compute
    from radon.visitors import ComplexityVisitor

    visitor = ComplexityVisitor.from_ast(program.tree)
    blocks = [each for each in add_inner_blocks(visitor.blocks) if each.letter in "FM"]
    functions = sorted(
        (
            FunctionComplexity(each.fullname, each.lineno, each.complexity, cast("Rank", cc_rank(each.complexity)))
            for each in blocks
        ),
        key=lambda each: (-each.complexity, each.line),
    )
    # Counted by ourselves: radon would read the text again, and not all that Python reads.
    lines, noted = len(program.statements), len({line for line, _, _ in comments(program)})
    index = mi_compute(
        h_visit_ast(program.tree).total.volume, visitor.total_complexity, lines, 100 * noted / max(lines + noted, 1)
    )
    return Complexity(tuple(functions), round(float(index), 1))


def tangled(measured: Complexity) -> list[Finding]:
    """Return a finding for each function through which too many ways lead."""
    return [
        Finding("tangled_function", each.line, each.line, {"name": each.name, "ways": each.complexity})
        for each in measured.functions
        if each.complexity > TANGLED
    ]
