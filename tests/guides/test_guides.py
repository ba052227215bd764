"""What the pages tell people to type works, and prints what they show, on the system that `scripts/up` starts."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator

import pytest
from guide_pages import Fence, differs, fences, inline
from guide_reader import PASSWORD, Reader

pytestmark = pytest.mark.timeout(240)
MARK = "-- what the next block prints --"
PAGES: dict[str, list[Fence]] = {}
"""The blocks that are tried, and those that show what they print, by page."""
for fence in fences():
    if fence.info in {"sh tried", "text printed"}:
        PAGES.setdefault(fence.page, []).append(fence)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_tells_people_to_type_works_and_prints_what_it_shows(page: str, reader: Reader):
    """One after the other, in one shell: what a block sets, the next ones have."""
    blocks = [fence for fence in PAGES[page] if fence.is_commands]

    code, said = reader.run(f"\necho {shlex.quote(MARK)}\n".join(block.text for block in blocks), **given(page, reader))

    assert code == 0, said
    parts = said.split(f"{MARK}\n")
    assert len(parts) == len(blocks)
    if page == "README.md":  # which begins with what brought the system up
        parts[0] = reader.said_at_start
    for shown, printed in pairs(page, parts):
        assert (shown.page, differs(shown.text, printed)) == (page, None), f"{shown}\n{printed}"


@pytest.mark.parametrize("command", inline()["tried"])
def test_a_command_within_a_sentence_works(command: str, reader: Reader):
    code, said = reader.run(inline()["tried"][command] or command, **given("", reader))

    assert code == 0, said


def test_what_is_shown_may_differ_in_numbers_ids_and_what_is_left_out_alone():
    shown = "took 12 ms …\n\n  id 0d9f1c11-2b0e-4b7e-8a57-0b8f3a5c7e11\nend"

    assert differs(shown, "x\ntook 3 ms in all\nid 5b1c0a00-0000-4000-8000-00000000000f\nthe end") is None
    assert differs(shown, "took 3 ms in all\nthe end") == "  id 0d9f1c11-2b0e-4b7e-8a57-0b8f3a5c7e11"
    assert differs(shown, "took a while") == "took 12 ms …"
    assert differs("two\none", "one\ntwo") == "one"


def pairs(page: str, parts: list[str]) -> Iterator[tuple[Fence, str]]:
    """What a page shows as printed, and what the block before it did print."""
    printed = iter(parts)
    last = ""
    for fence in PAGES[page]:
        if fence.is_commands:
            last = next(printed)
        else:
            yield fence, last


def given(page: str, reader: Reader) -> dict[str, str]:
    """What a page says that its reader has: variables for the shell."""
    demo = json.loads(reader.checkout.local_file("demo.json"))
    passwords = {account["role"]: account["password"] for account in demo}
    known = {"API": reader.gateway, "PASSWORD": passwords["learner"]}
    if page == "functions/gateway/TEACHING.md":
        known["TEACHER"] = reader.log_in("demo-teacher", passwords["teacher"])
        known["LEARNER"] = reader.log_in("demo", passwords["learner"])
    if page == "functions/gateway/README.md":
        known["NEW_PASSWORD"] = PASSWORD
    return known
