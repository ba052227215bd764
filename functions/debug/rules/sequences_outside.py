"""Sequences: `IndexError` of an index that is written out, or that nothing more is known of."""

from __future__ import annotations

import ast

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.indexing import OUTSIDE, THINGS, grows, length, subscripts
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import (
    at,
    is_call,
    message,
    number,
    only_value,
    tell,
    written,
)


def too_few_parts(case: Case) -> Finding | None:
    """`sys.argv[1]` without an argument, `line.split()[1]` of a text with one part."""
    if not OUTSIDE.match(message(case)):
        return None
    for node in subscripts(case):
        index = written(case, node.slice)
        if isinstance(node.value, ast.Attribute) and node.value.attr == "argv":
            texts = (
                f"{written(case, node)}{at(case, node)} is what stands behind the program's name on the command line, "
                "and nothing stands there.",
                "How did you start the program, and what would you have to write behind its name?",
                "Ask `if len(sys.argv) > 1:` first, and say how the program is to be started otherwise.",
            )
            return tell(case, "index_out_of_range", node, texts)
        made = only_value(case, node.value)
        if is_call(made, "split") and made is not None and number(node.slice) is not None:
            parts = looking.source(case, node.value)
            where = f" in line {made.lineno}" if made.lineno != node.lineno else ""
            texts = (
                f"The program stops{at(case, node)}: {written(case, made)}{where} gives fewer parts than "
                f"{written(case, node)} needs, for there is no part with the index {index}.",
                "What does the text look like when it has too few parts: is it perhaps empty?",
                f"Look at the number of parts first: {shown(f'if len({parts}) > {number(node.slice)}:')}",
            )
            return tell(case, "index_out_of_range", node, texts)
    return None


def one_item_too_few(case: Case) -> Finding | None:
    """An index written as a number that is too large for a list written out in the program."""
    if not OUTSIDE.match(message(case)):
        return None
    for node in subscripts(case):
        index, items_there = number(node.slice), length(only_value(case, node.value))
        if not isinstance(index, int) or not items_there or -items_there <= index < items_there:
            continue
        if grows(case, node.value):
            continue
        items, last = written(case, node.value), items_there - 1
        one_off = index == items_there
        better = f"{looking.source(case, node.value)}[{last}]"
        texts = (
            f"{written(case, node)}{at(case, node)} asks for the index {index}, and {items} has {items_there} items: "
            f"their indices are 0 to {last}.",
            f"Count the items of {items} from 0. Which index does the one you want have?",
            f"The last item is {shown(better)}, or {shown(f'{looking.source(case, node.value)}[-1]')}.",
        )
        cause = "index_off_by_one" if one_off else "index_out_of_range"
        return tell(case, cause, node, texts, replaced(case, (node.slice, str(last))) if one_off else None)
    return None


def too_few_for_format(case: Case) -> Finding | None:
    """`"{} {}".format(1)`: more places in the text than values."""
    if not message(case).startswith("Replacement index"):
        return None
    call = next((call for call in looking.suspects(case, ast.Call) if is_call(call, "format")), None)
    texts = (
        f"{written(case, call) if call is not None else 'A call of `format`'}{at(case, call)} has more places, `{{}}`, "
        "than values to put there.",
        "How many pairs of curly brackets are in the text, and how many values does `format` get?",
        'Give it a value for each place, or write an f-string, in which each value stands where it goes: `f"{name}"`.',
    )
    return tell(case, "index_out_of_range", call, texts)


def outside(case: Case) -> Finding | None:
    """Any other index that is too large."""
    said = OUTSIDE.match(message(case))
    node = next(iter(subscripts(case)), None) if said else None
    if not said:
        return None
    thing = THINGS.get(said["type"] or "", "sequence")
    items = written(case, node.value) if node is not None else f"the {thing}"
    index = written(case, node.slice) if node is not None else "the index"
    which = written(case, node) if node is not None else "An index"
    texts = (
        f"{which}{at(case, node)} is outside: {items} has fewer items than that.",
        f"Which value does {index} have when this line runs, and how many items does {items} have? Remember that "
        "the first one has the index 0.",
        f"Keep the index below `len` of it: the last item that exists has the index "
        f"{shown(f'len({looking.source(case, node.value)}) - 1') if node is not None else '`len(items) - 1`'}.",
    )
    return tell(case, "index_out_of_range", node, texts)


RULES: dict[str, tuple[Rule, ...]] = {"IndexError": (too_few_for_format, too_few_parts, one_item_too_few, outside)}
