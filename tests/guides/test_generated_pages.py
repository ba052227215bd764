"""What is generated of the pages follows what it is made from, and every picture is one that Mermaid can draw."""

from __future__ import annotations

import json
import re
import subprocess

import pytest
from guide_pages import Fence, fences

from functions.shared.events import CONTRACTS
from functions.shared.mermaid import Edge
from knative.check.manifests import read
from scripts.stack import mermaid
from scripts.stack.errors import NotHereError, StackError
from scripts.stack.pages import api, architecture
from scripts.stack.pages.__main__ import drifted
from scripts.stack.pages.regions import filled, table
from scripts.stack.places import ROOT

PICTURES = [fence for fence in fences() if fence.info == "mermaid"]


def test_the_pages_are_as_they_are_made():
    assert drifted() == []


def test_every_picture_of_the_pages_can_be_drawn():
    assert len(PICTURES) > 8
    assert {str(fence): problem for fence, problem in zip(PICTURES, parsed(PICTURES), strict=True) if problem} == {}


def test_a_picture_that_cannot_be_drawn_is_found():
    assert parsed([Fence("page.md", 1, "mermaid", "flowchart LR\n  a --> [b", "")]) != [None]


def test_a_way_shows_who_tells_whom_of_what():
    graph = architecture.way(["gateway", "triage", "concepts"], ["question.asked", "explanation.requested"])

    assert set(graph.edges) == {
        Edge(source="gateway", target="triage", label="question.asked"),
        Edge(source="gateway", target="concepts", label="explanation.requested"),
        Edge(source="triage", target="concepts", label="explanation.requested"),
    }


def test_every_event_on_a_way_leads_somewhere():
    for name, functions, events in architecture.ways():
        assert set(functions) <= set(CONTRACTS), name
        assert {edge.label for edge in architecture.way(functions, events).edges} == set(events), name


def test_every_table_says_what_it_holds_and_somebody_writes_to_it():
    rows = [line.split(" | ") for line in architecture.tables_table().splitlines()[2:]]

    assert len(rows) > 30
    assert [row[0] for row in rows if not row[1].strip() or not row[2].strip(" |")] == []


def test_the_picture_of_what_fails_counts_the_tries_that_triggers_make():
    page = (ROOT / architecture.PAGE).read_text()
    tries = {trigger.at("spec.delivery.retry") for trigger in read([ROOT / "knative" / "base"]).of("Trigger")}

    assert {int(said) for said in re.findall(r"after (\d+) more tries", page)} == tries


def test_a_part_that_the_page_does_not_have_is_an_error():
    page = "a\n<!-- one: -->\nold\n<!-- end -->\nb\n"

    assert "\n\nnew\n\n<!-- end -->\nb\n" in filled(page, {"one": "new"})
    assert filled(filled(page, {"one": "new"}), {"one": "new"}) == filled(page, {"one": "new"})
    with pytest.raises(StackError, match="has the parts one, not two"):
        filled(page, {"two": "new"})


def test_a_cell_cannot_break_its_table():
    assert table(("a",), ("x | y",)).splitlines()[2] == "| x &#124; y |"


def test_a_field_is_told_in_words():
    assert api.kind_of({"type": "string", "minLength": 3, "maxLength": 254}) == "text, from 3, up to 254"
    assert api.kind_of({"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "null"}]}) == (
        "list of whole number or null"
    )
    assert api.kind_of({"enum": ["a", "b"], "type": "string"}) == "`a` or `b`"


def parsed(pictures: list[Fence]) -> list[str | None]:
    """What Mermaid's own parser has against each; it is skipped where there is none."""
    try:
        module = mermaid.module()
    except NotHereError as why:
        pytest.skip(str(why))
    done = subprocess.run(
        ["node", ROOT / "tests" / "mermaid" / "parse_diagrams.mjs", module],
        input=json.dumps([picture.text for picture in pictures]), capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [each.get("error") for each in json.loads(done.stdout)]
