"""The commands of the pages, how each is kept true, and what they are shown to print.

A fence of commands says in its first line who runs them:

    ```sh tried          tests/guides does, in a checkout where `scripts/up` has run
    ```sh by tests/…     that test does, these or the same with other names
    ```sh untried        nobody could; the words before it tell readers so
    ```text printed      what the commands before it printed; `…` stands for anything, a number for any number

Commands within sentences and tables are listed in inline.toml, unless their own words say that they were not tried.
"""

from __future__ import annotations

import re
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from scripts.stack.places import ROOT

LESSONS = "functions/curriculum/topics/"
"""Pages that are shown to learners; tests/unit/curriculum runs what is in them."""
INLINE = Path(__file__).parent / "inline.toml"

_FENCE = re.compile(r"^(`{3,})([^`\n]*)\n(.*?)^\1[ ]*$", re.S | re.M)
_SPAN = re.compile(r"`([^`\n]+)`")
_OURS = re.compile(r"(?:[A-Z_]+=\S+ )*scripts/[\w-]+ \S")
_PROGRAMS = "kubectl|kn|docker|curl|python|pytest|helm|kind|minikube|k3d|npm|pip|git|openssl|psql"
_THEIRS = re.compile(rf"(?:[A-Z_]+=\S+ )*(?:{_PROGRAMS}) \S+ \S")
UNTRIED = re.compile(r"not\s+tried|no\s+test\s+runs", re.I)
"""How a page says to its readers that nobody ran something."""
_SENTENCE_ENDS = re.compile(r"[.;:]\s")


@dataclass(frozen=True)
class Fence:
    """A fenced block: `info` is its first line, `before` the paragraph above it, `line` where it begins."""

    page: str
    line: int
    info: str
    text: str
    before: str

    @property
    def is_commands(self) -> bool:
        """Whether it holds commands, by what it says of itself."""
        return self.info.split(" ")[0] in {"sh", "bash", "shell", "console", "zsh"}

    @property
    def runner(self) -> str | None:
        """The test that it names."""
        words = self.info.split(" ")
        return words[2] if words[:2] == ["sh", "by"] and len(words) == 3 else None

    def __str__(self) -> str:
        return f"{self.page}:{self.line}"


@dataclass(frozen=True)
class Span:
    """A command within a sentence or a table: `around` is its row or sentence, `section` what else speaks of it."""

    page: str
    text: str
    around: str
    section: str

    @property
    def is_said_to_be_untried(self) -> bool:
        """Whether its row or sentence says so, or a sentence of its section or page that names its program."""
        program = self.text.split(" ")[0]
        return bool(UNTRIED.search(self.around)) or any(
            f"`{program}`" in sentence and UNTRIED.search(sentence) for sentence in _SENTENCE_ENDS.split(self.section)
        )

    def __str__(self) -> str:
        return f"{self.page}: {self.text}"


@cache
def pages() -> dict[str, str]:
    """Every page, by its path within the repository."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    ).stdout.split()  # fmt: skip
    return {page: (ROOT / page).read_text() for page in sorted(listed) if not page.startswith(LESSONS)}


def fences() -> list[Fence]:
    """Every fenced block of every page."""
    return [fence for page, text in pages().items() for fence in fences_of(page, text)]


def fences_of(page: str, text: str) -> Iterator[Fence]:
    """The fenced blocks of one page, in their order."""
    for found in _FENCE.finditer(text):
        above = text[: found.start()]
        yield Fence(page, above.count("\n") + 1, found[2].strip(), found[3], above.rstrip().rpartition("\n\n")[2])


def spans() -> list[Span]:
    """Every command within a sentence or a table, of every page."""
    return [span for page, text in pages().items() for span in spans_of(page, text)]


def spans_of(page: str, text: str) -> Iterator[Span]:
    """Those of one page. What has no argument is a name."""
    intro, *sections = re.split(r"(?m)^(?=##+ )", _FENCE.sub("", text))
    for section in (intro, *sections):
        about = section if section is intro else f"{intro}\n\n{section}"
        for part in re.split(r"\n\n|\n(?=[|*-] ?)", section):
            for found in _SPAN.finditer(part):
                if _OURS.match(found[1]) or _THEIRS.match(found[1]):
                    yield Span(page, found[1], _around(part, found), about)


def _around(part: str, found: re.Match[str]) -> str:
    """The row of a table that a span stands in, else its sentence."""
    if part.lstrip().startswith("|"):
        return part
    before, after = part[: found.start()], part[found.end() :]
    return _SENTENCE_ENDS.split(before)[-1] + found[0] + _SENTENCE_ENDS.split(after)[0]


@cache
def inline() -> dict[str, dict[str, str]]:
    """`tried`, `cluster`: what is run for a command here or there, itself if empty; `by`: the test that runs it."""
    return tomllib.loads(INLINE.read_text())


def key_of(command: str) -> str:
    """What a test that runs a command must name: its script, its module, or what it says to another's program."""
    words = [word for word in command.split() if not re.match(r"[A-Z_]+=", word)]
    if words[:2] == ["python", "-m"]:
        return words[2]
    if words[0] in {"kubectl", "docker"}:
        return next(
            word for word in words[1:] if not word.startswith("-") and word not in {"learnflow", "learnflow-local"}
        )
    return words[0].removeprefix("scripts/")


def differs(shown: str, printed: str) -> str | None:
    """Return the first line of `shown` that `printed` does not have after the lines before it, None if it has all."""
    place = 0
    for line in filter(str.strip, shown.splitlines()):
        if (found := _shape(line).search(printed, place)) is None:
            return line
        place = found.end()
    return None


_HOLES = re.compile(r"(…|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+|\s+)")


def _shape(line: str) -> re.Pattern[str]:
    """What a line looks like whatever its numbers, ids, spaces and left out parts are."""
    return re.compile(
        "".join(_hole(part) if _HOLES.fullmatch(part) else re.escape(part) for part in _HOLES.split(line.strip()))
    )


def _hole(part: str) -> str:
    if part == "…":
        return ".*?"
    if part.isspace():
        return r"\s+"
    return r"\d+" if part.isdigit() else r"[0-9a-f-]{36}"
