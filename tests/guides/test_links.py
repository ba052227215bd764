"""Every link of a page leads to a file that is there, and to a heading that is in it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from guide_pages import pages

from scripts.stack.places import ROOT

LINK = re.compile(r"\]\(([^()\s]+)\)")
HEADING = re.compile(r"(?m)^#+ (.+)$")
ANCHOR = re.compile(r'<a id="([^"]+)">')
FENCED = re.compile(r"^(`{3,}).*?^\1[ ]*$", re.S | re.M)
ELSEWHERE = re.compile(r"[a-z]+:")


@pytest.mark.parametrize("page", pages())
def test_every_link_leads_somewhere(page: str):
    lost = [link for link in links_of(pages()[page]) if not leads_somewhere(page, link)]

    assert lost == []


def test_a_link_that_leads_nowhere_is_found():
    assert leads_somewhere("README.md", "kafka/README.md#look-around")
    assert not leads_somewhere("README.md", "kafka/README.md#look-behind")
    assert not leads_somewhere("README.md", "kafka/READ.md")
    assert links_of("[a](b.md), `[c](d.md)`, [e](https://example.org)") == ["b.md"]


def links_of(text: str) -> list[str]:
    """The links of a page to other places of the repository."""
    prose = re.sub(r"`[^`\n]*`", "", FENCED.sub("", text))
    return [link for link in LINK.findall(prose) if not ELSEWHERE.match(link)]


def leads_somewhere(page: str, link: str) -> bool:
    """Whether a link of a page has a target."""
    path, _, anchor = link.partition("#")
    target = (ROOT / page).parent / path if path else ROOT / page
    return target.exists() and (not anchor or anchor in anchors_of(target))


def anchors_of(page: Path) -> set[str]:
    """What one can link to in a page: its headings as GitHub names them, and anchors of its own."""
    text = FENCED.sub("", page.read_text())
    slugs = (re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in HEADING.findall(text))
    return {*slugs, *ANCHOR.findall(text)}
