"""Mermaid: a typed graph becomes flowchart text that is valid whatever its labels hold.

Two rules make it so. Node ids in the text are numbered (`n0`, `n1`, …), so no id an author chooses (`end`, `o`, `a b`)
can collide with Mermaid's grammar. Labels are quoted, and every character that Mermaid, Markdown or HTML could
read as anything but itself is written as a numeric entity (`#34;`).
"""

from __future__ import annotations

from collections import Counter
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

Shape = Literal["box", "round", "stadium", "decision"]
Direction = Literal["TD", "LR"]

_BRACKETS: dict[Shape, tuple[str, str]] = {
    "box": ("[", "]"),
    "round": ("(", ")"),
    "stadium": ("([", "])"),
    "decision": ("{", "}"),
}

# Marks that mean nothing to Mermaid, Markdown or HTML inside a quoted label, and so may stay readable.
_PLAIN_MARKS = frozenset(" ,.?!'()=+-/")


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Node(_Frozen):
    """One box of a flowchart; `label` may hold any text and several lines."""

    id: str
    label: str
    shape: Shape = "box"

    @model_validator(mode="after")
    def _label_shows_something(self) -> Self:
        if not escaped(self.label):
            raise ValueError(f"node {self.id!r} has a label with nothing to show")
        return self


class Edge(_Frozen):
    """An arrow between two nodes, named by their ids; an empty label draws a bare arrow."""

    source: str
    target: str
    label: str = ""


class Graph(_Frozen):
    """A flowchart: nodes with ids of their own, and edges between nodes that exist."""

    direction: Direction = "TD"
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...] = ()

    @model_validator(mode="after")
    def _is_a_graph(self) -> Self:
        if not self.nodes:
            raise ValueError("a graph needs at least one node")
        twice = [node_id for node_id, count in Counter(node.id for node in self.nodes).items() if count > 1]
        if twice:
            raise ValueError(f"node ids used more than once: {', '.join(map(repr, twice))}")
        ids = {node.id for node in self.nodes}
        lost = {end for edge in self.edges for end in (edge.source, edge.target) if end not in ids}
        if lost:
            raise ValueError(f"edges lead to nodes that do not exist: {', '.join(map(repr, sorted(lost)))}")
        return self


def flowchart(graph: Graph) -> str:
    """Return the graph as Mermaid flowchart text, ending in a newline."""
    names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    lines = [f"flowchart {graph.direction}"]
    for node in graph.nodes:
        opening, closing = _BRACKETS[node.shape]
        lines.append(f'    {names[node.id]}{opening}"{escaped(node.label)}"{closing}')
    for edge in graph.edges:
        label = escaped(edge.label)
        arrow = f'-->|"{label}"|' if label else "-->"
        lines.append(f"    {names[edge.source]} {arrow} {names[edge.target]}")
    return "\n".join(lines) + "\n"


def escaped(label: str) -> str:
    """Return the label as it may stand between Mermaid's double quotes; lines are joined by `<br/>`.

    Blank lines, runs of white space and characters that cannot be shown (controls, lone surrogates) are dropped.
    """
    lines = (_escaped_line(" ".join(line.split())) for line in label.splitlines())
    return "<br/>".join(line for line in lines if line)


def _escaped_line(line: str) -> str:
    shown = "".join(character for character in line if character == " " or character.isprintable()).strip()
    # "1. so" or "- so" would open a Markdown list: a line that starts with no letter hides its first character.
    return "".join(
        character if character.isalpha() or (place and _is_plain(character)) else f"#{ord(character)};"
        for place, character in enumerate(shown)
    )


def _is_plain(character: str) -> bool:
    return character in _PLAIN_MARKS or (character.isascii() and character.isdigit())
