"""No command stands on a page that nobody runs, unless the page says so."""

from __future__ import annotations

import pytest
from guide_pages import LESSONS, UNTRIED, Fence, Span, fences, fences_of, inline, key_of, pages, spans, spans_of

from scripts.stack.places import ROOT

MARKS = ("sh tried", "sh untried")
COMMANDS = [fence for fence in fences() if fence.is_commands]
OUTPUTS = [fence for fence in fences() if fence.info.startswith("text")]


def test_every_block_of_commands_says_who_runs_it():
    assert {str(fence): trouble for fence in COMMANDS if (trouble := trouble_with(fence))} == {}


def test_every_command_within_a_sentence_is_run_or_said_to_be_untried():
    """Else it is to be listed in inline.toml."""
    assert sorted({str(span) for span in spans() if not is_accounted_for(span)}) == []


def test_every_block_says_what_it_holds():
    assert [str(fence) for fence in fences() if not fence.info] == []
    assert [str(fence) for fence in OUTPUTS if fence.info not in {"text", "text printed"}] == []


def test_what_is_shown_as_printed_follows_commands_that_are_tried():
    before: dict[str, Fence] = {}
    for fence in fences():
        if fence.info == "text printed":
            assert before[fence.page].info == "sh tried", str(fence)
        if fence.is_commands:
            before[fence.page] = fence


@pytest.mark.parametrize(("command", "test"), inline()["by"].items())
def test_a_test_that_is_named_for_a_command_names_it_too(command: str, test: str):
    assert is_named_in(command, test)


def test_nothing_is_listed_that_no_page_says():
    said = {span.text for span in spans()}

    assert sorted(command for kind in inline().values() for command in kind if command not in said) == []


@pytest.mark.parametrize(
    ("page", "trouble"),
    [
        ("```sh\nscripts/up\n```", "says not who runs it"),
        ("```sh by tests/no/such/test.py\nscripts/up\n```", "there is no tests/no/such/test.py"),
        ("```sh by tests/servers.py\nscripts/create-user ada\n```", "tests/servers.py does not name create-user"),
        ("```sh untried\nkubectl get pods --all\n```", "nothing before it says that it was not tried"),
        ("```sh tried\nscripts/ask …\n```", "has a gap that nobody can type"),
        ("Not tried:\n\n```sh untried\nkubectl get pods --all\n```", None),
        ("```sh tried\nscripts/status\n```", None),
    ],
)
def test_a_block_that_nobody_runs_is_found(page: str, trouble: str | None):
    [fence] = fences_of("page.md", page)

    assert trouble_with(fence) == trouble


def test_a_command_within_a_sentence_that_nobody_runs_is_found():
    [lost, _] = spans_of("page.md", "Say `kubectl get pods --all`, or `kn service list -n x`. `kn` was not tried.")

    assert not is_accounted_for(lost)


def test_lessons_are_not_among_the_pages():
    assert [page for page in pages() if page.startswith(LESSONS)] == []
    assert "README.md" in pages()


def trouble_with(fence: Fence) -> str | None:
    """Return what is wrong with how a block of commands is marked."""
    if fence.runner is None and fence.info not in MARKS:
        return "says not who runs it"
    if fence.info == "sh untried" and not UNTRIED.search(fence.before):
        return "nothing before it says that it was not tried"
    if fence.info == "sh tried" and "…" in fence.text:
        return "has a gap that nobody can type"
    if fence.runner is None:
        return None
    if not (ROOT / fence.runner).is_file():
        return f"there is no {fence.runner}"
    unnamed = [key_of(command) for command in commands_of(fence) if not is_named_in(command, fence.runner)]
    return f"{fence.runner} does not name {', '.join(unnamed)}" if unnamed else None


def commands_of(fence: Fence) -> list[str]:
    """The commands of a block that are worth naming: those of ours, and those of others that change something."""
    joined = fence.text.replace("\\\n", " ").replace(" && ", "\n")
    return [line for line in joined.splitlines() if line.startswith(("scripts/", "kubectl ", "docker ", "python -m "))]


def is_named_in(command: str, test: str) -> bool:
    """Whether a test speaks of what a command runs."""
    key, source = key_of(command), (ROOT / test).read_text() + test
    return any(name in source for name in (key, key.replace("-", "_"), key.replace(".", "/")))


def is_accounted_for(span: Span) -> bool:
    """Whether a command is run somewhere, or said to be untried."""
    listed = any(span.text in kind for kind in inline().values())
    in_a_block = any(span.text in " ".join(fence.text.split()) for fence in COMMANDS)
    return listed or in_a_block or span.is_said_to_be_untried
