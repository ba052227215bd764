"""Parts of a page that are generated: between two comments, the first of which names the part."""

from __future__ import annotations

import re
from collections.abc import Mapping

from scripts.stack.errors import StackError

MADE = "made by `python -m scripts.stack.pages --write`"
_REGION = re.compile(r"(<!-- ([\w-]+):[^>]*-->\n).*?(<!-- end -->)", re.S)


def filled(page: str, parts: Mapping[str, str]) -> str:
    """Return a page with its parts as they must be. Raises StackError where page and parts do not name the same."""
    named = [found[2] for found in _REGION.finditer(page)]
    if sorted(named) != sorted(parts):
        raise StackError(f"The page has the parts {', '.join(named)}, not {', '.join(parts)}.")
    return _REGION.sub(lambda found: f"<!-- {found[2]}: {MADE} -->\n\n{parts[found[2]].strip()}\n\n{found[3]}", page)


def table(*rows: tuple[str, ...]) -> str:
    """Return a Markdown table, whose first row is its head."""
    head, *body = [f"| {' | '.join(cell.replace('|', '&#124;') for cell in row)} |" for row in rows]
    return "\n".join([head, f"|{'---|' * len(rows[0])}", *body]) + "\n"
