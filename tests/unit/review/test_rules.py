"""Every rule finds what it is for, changes it as it should, and keeps what the program does."""

import contextlib
import io
import json
import tomllib
from pathlib import Path

import pytest

from functions.review.catalogue import catalogue
from functions.review.complexity import complexity, tangled
from functions.review.program import Program, read
from functions.review.rules import RULES
from functions.review.suggesting import changed, suggested

EXAMPLES = tomllib.loads(Path(__file__).with_name("examples.toml").read_text("utf-8"))["example"]
EVALUATION = Path(__file__).parents[3] / "functions" / "review" / "evaluation" / "snippets.jsonl"


def findings(code):
    program = read(code)
    assert isinstance(program, Program)
    return program, [*tangled(complexity(program)), *(finding for rule in RULES for finding in rule(program))]


def printed(code):
    out = io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.suppress(SystemExit):
        exec(compile(code, "<program>", "exec"), {"__name__": "__main__"})
    return out.getvalue()


def named(example):
    return example["rule"]


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_a_rule_finds_its_example_and_the_change_keeps_what_the_program_does(example):
    program, found = findings(example["code"].lstrip("\n"))
    finding = next(each for each in found if each.rule == example["rule"])

    _, whole = changed(program, finding)

    assert whole == (example["becomes"].lstrip("\n") if "becomes" in example else None)
    if whole and not example.get("changes_what_it_does"):
        assert suggested(program, finding).rewritten == whole
        assert printed(whole) == printed(program.code) != ""


@pytest.mark.parametrize("example", [each for each in EXAMPLES if "becomes" in each], ids=named)
def test_what_has_been_changed_is_not_found_again(example):
    _, before = findings(example["code"].lstrip("\n"))
    _, after = findings(example["becomes"].lstrip("\n"))

    assert [each.rule for each in after].count(example["rule"]) < [each.rule for each in before].count(example["rule"])


def test_every_rule_of_our_own_has_an_example_and_every_finding_a_text():
    own = {name for name, entry in catalogue().items() if not entry.ruff}

    assert own == {example["rule"] for example in EXAMPLES}


@pytest.mark.parametrize(
    "code",
    [
        "names = {0: 'a'}\nfor i in range(len(names)):\n    print(names[i])\n",  # a dictionary has keys, not places
        "names = ['a']\nfor i in range(len(names)):\n    names.append(names[i])\n",
        "for i in range(len(names)):\n    print(names[i])\nprint(i)\n",
        "i = 0\nwhile i < 3:\n    i += 1\nprint(i)\n",
        "i = 0\nwhile i < limit:\n    print(i)\n    limit = 3\n    i += 1\n",
        "text = ''\nfor part in parts:\n    text += part\n    print(text)\n",
        "queue = [1]\nprint(queue)\nwhile queue:\n    queue.pop(0)\n",
        "squares = []\nfor number in numbers:\n    squares.append(len(squares))\n",
        "try:\n    start()\nexcept:\n    stop()\n",
        "def old(oldName):\n    return eval('oldName')\n",
        "def show(oldName):\n    return oldName\nshow(oldName=1)\n",
        "for row in rows:\n    found = max(row)\n    row.append(1)\n",
    ],
)
def test_where_a_change_might_change_what_the_program_does_words_are_enough(code):
    program, found = findings(code)

    for finding in found:
        if finding.rule not in ("spelt_out_step", "list_built_by_append", "missing_docstring"):
            assert suggested(program, finding).rewritten is None, finding.rule
    assert all(suggested(program, each).rewritten is None for each in found if each.rule == "list_built_by_append")


@pytest.mark.parametrize(
    ("code", "rule"),
    [
        ("for x in points:\n    print(x)\n", "unclear_letter"),
        ("LIMIT = 17.5\nprint(age > LIMIT)\n", "unnamed_number"),
        ("class Error(Exception):\n    pass\n", "camel_case"),
        ("from math import sqrt as root\nprint(root(2))\n", "unused_import"),
        ("def helper():\n    return 1\n", "unused_function"),
        ("print('a' + name)\n", "glued_text"),
        ("count += 1  # the first line is a heading\n", "echoing_comment"),
        ("# See the table of 1999 for why\nprint(1)\n", "commented_out_code"),
        ("for name in names:\n    if name in known:\n        print(name)\n", "list_search_in_loop"),
        ("def total(items):\n    return sum(items)\nprint(sum([1]))\n", "shadowed_builtin"),
        ("print(total(1))\nprint(total(2))\nprint(total(3))\n", "repeated_lines"),
        ("def main():\n    total = 1 + 2\n    print(total)\nmain()\n", "prints_its_result"),
    ],
)
def test_what_is_as_it_should_be_is_not_found(code, rule):
    _, found = findings(code)

    assert rule not in {each.rule for each in found}


@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_whatever_is_rewritten_in_real_programs_prints_what_it_printed():
    tried = 0
    for line in EVALUATION.read_text("utf-8").splitlines():
        program, found = findings(json.loads(line)["code"])
        whole = {suggested(program, each).rewritten for each in found} - {None}
        expected = printed(program.code)
        for version in whole:
            assert printed(version) == expected
        tried += len(whole)
    assert tried > 100
