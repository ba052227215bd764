"""Mermaid text is valid whatever the labels hold: by its own rules, and by the real parser where there is one."""

from __future__ import annotations

import html
import json
import random
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from functions.curriculum.reading import curriculum
from functions.shared.mermaid import Edge, Graph, Node, escaped, flowchart
from scripts.stack import mermaid
from scripts.stack.errors import NotHereError

READER = Path(__file__).parents[2] / "mermaid" / "parse_diagrams.mjs"

AWKWARD = (
    'say "hi"',
    "a[0] = {1: (2, 3)}",
    "end",
    "subgraph x",
    "__init__ *args **kwargs `code`",
    "1. first",
    "- list",
    "# heading",
    "two\nlines",
    "<b>bold</b> & co",
    "style: fill#f00;",
    "%%{init: {}}%%",
    "classDef x:#f9f;",
    "a --> b; c",
    "|pipe| -->|x| y",
    "naïve 日本語 🐍",
    "#quot;",
    "http://example.com",
    "$$x^2$$",
    "fa:fa-car",
    "ﬂ°°34¶ß",
    "\\n and \\",
    "@{ shape: rect }",
)
labels = st.text(min_size=1).filter(escaped) | st.sampled_from(AWKWARD)
ids = st.text(min_size=1)


def shown(label: str) -> list[str]:
    """The lines that a reader should see: printable, with single spaces."""
    lines = (" ".join(line.split()) for line in label.splitlines())
    seen = ("".join(c for c in line if c == " " or c.isprintable()).strip() for line in lines)
    return [line for line in seen if line]


def unescaped(text: str) -> list[str]:
    return [re.sub(r"#(\d+);", lambda found: chr(int(found[1])), line) for line in text.split("<br/>")]


@given(labels)
def test_an_escaped_label_reads_as_it_was_written(label: str) -> None:
    assert unescaped(escaped(label)) == shown(label)


@given(labels)
def test_an_escaped_label_holds_nothing_that_mermaid_could_take_for_its_own(label: str) -> None:
    rest = re.sub(r"#\d+;", "", escaped(label).replace("<br/>", ""))

    assert not set(rest) & set('"#;<>&[]{}|`%@:_*~^$\\\n\r')
    assert rest.isprintable()


@given(st.lists(st.tuples(ids, labels), min_size=1, max_size=6, unique_by=lambda node: node[0]), st.data())
def test_a_flowchart_has_one_line_for_each_node_and_edge(nodes: list[tuple[str, str]], data: st.DataObject) -> None:
    ends = st.sampled_from([node_id for node_id, _ in nodes])
    arrows = data.draw(st.lists(st.tuples(ends, ends, st.text()), max_size=6))
    graph = Graph(
        nodes=tuple(Node(id=node_id, label=label) for node_id, label in nodes),
        edges=tuple(Edge(source=source, target=target, label=label) for source, target, label in arrows),
    )

    first, *lines = flowchart(graph).rstrip("\n").split("\n")

    assert first == "flowchart TD"
    assert len(lines) == len(nodes) + len(arrows)
    assert all(re.fullmatch(r'    n\d+\["[^"]+"\]', line) for line in lines[: len(nodes)])
    assert all(re.fullmatch(r'    n\d+ -->(\|"[^"]+"\|)? n\d+', line) for line in lines[len(nodes) :])


def test_a_flowchart_looks_like_this() -> None:
    graph = Graph(
        direction="LR",
        nodes=(
            Node(id="end", label='is it "done"?', shape="decision"),
            Node(id="b", label="two\nlines", shape="round"),
            Node(id="c", label="c", shape="stadium"),
        ),
        edges=(Edge(source="end", target="b", label="no"), Edge(source="b", target="end")),
    )

    assert flowchart(graph) == (
        "flowchart LR\n"
        '    n0{"is it #34;done#34;?"}\n'
        '    n1("two<br/>lines")\n'
        '    n2(["c"])\n'
        '    n0 -->|"no"| n1\n'
        "    n1 --> n0\n"
    )


@pytest.mark.parametrize(
    ("nodes", "edges", "complaint"),
    [
        ((), (), "at least one node"),
        ((Node(id="a", label="A"), Node(id="a", label="B")), (), "more than once: 'a'"),
        ((Node(id="a", label="A"),), (Edge(source="a", target="b"),), "do not exist: 'b'"),
    ],
)
def test_a_graph_that_cannot_be_drawn_is_refused(
    nodes: tuple[Node, ...], edges: tuple[Edge, ...], complaint: str
) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Graph(nodes=nodes, edges=edges)


@pytest.mark.parametrize("label", ["", "  ", "\n\n", "\x00\x07"])
def test_a_node_needs_a_label_that_shows(label: str) -> None:
    with pytest.raises(ValidationError, match="nothing to show"):
        Node(id="a", label=label)


def parsed(texts: list[str]) -> list[dict[str, Any]]:
    try:
        parser = mermaid.module()
    except NotHereError as missing:
        pytest.skip(str(missing))
    run = subprocess.run(
        ["node", str(READER), str(parser)],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    results: list[dict[str, Any]] = json.loads(run.stdout)
    return results


def as_a_browser_shows(text: str) -> list[str]:
    """Undo what Mermaid's parser does to entities until it draws: `#34;` is kept as `ﬂ°°34¶ß`."""
    return [html.unescape(re.sub(r"ﬂ°°(\d+)¶ß", r"&#\1;", line)) for line in text.split("<br/>")]


def test_the_real_parser_reads_every_diagram_of_the_curriculum() -> None:
    topics = curriculum().topics
    results = parsed([flowchart(topic.diagram) for topic in topics])

    for topic, result in zip(topics, results, strict=True):
        nodes, edges = topic.diagram.nodes, topic.diagram.edges
        assert [as_a_browser_shows(label) for _, label in result["nodes"]] == [shown(node.label) for node in nodes]
        assert [as_a_browser_shows(edge[2]) for edge in result["edges"]] == [
            shown(edge.label) or [""] for edge in edges
        ]


def test_the_real_parser_reads_labels_of_any_kind() -> None:
    chance = random.Random(7)
    alphabet = [chr(c) for c in (*range(32, 127), 0xDF, 0xB0, 0xB6, 0xFB02, 0x2028, 0x3042, 0x1F40D)]
    texts = [*AWKWARD, *("".join(chance.choices(alphabet, k=chance.randint(1, 20))) for _ in range(300))]
    texts = [text for text in texts if escaped(text)]
    graphs = [
        Graph(
            nodes=(Node(id="end", label=text, shape=chance.choice(("box", "round", "stadium", "decision"))),),
            edges=(Edge(source="end", target="end", label=text),),
        )
        for text in texts
    ]

    results = parsed([flowchart(graph) for graph in graphs])

    for text, result in zip(texts, results, strict=True):
        assert "error" not in result, (text, result)
        assert as_a_browser_shows(result["nodes"][0][1]) == shown(text)
        assert as_a_browser_shows(result["edges"][0][2]) == shown(text)


def test_the_parser_that_is_used_here_refuses_what_is_wrong() -> None:
    good, bad = parsed(['flowchart TD\n    n0["a"]\n', 'flowchart TD\n    n0["a"]\n    n0 --> [\n'])

    assert "error" not in good
    assert "error" in bad
