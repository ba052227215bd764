"""A review says what is good, marks, and suggests a few things; it never fails, whatever the program."""

import ast
import json
import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.review import linting
from functions.review.linting import lint
from functions.review.model import Review, Unreadable
from functions.review.program import DEEPEST, Program, read
from functions.review.reviewing import MOST_OF_A_RULE, review
from functions.review.rules import RULES
from functions.review.suggesting import MOST, changed

EVALUATION = Path(__file__).parents[3] / "functions" / "review" / "evaluation" / "snippets.jsonl"
PROGRAMS = [json.loads(line)["code"] for line in EVALUATION.read_text("utf-8").splitlines()]
GOOD = '''\
def average_of(marks):
    """Return the average of marks."""
    return sum(marks) / len(marks)


def best_of(marks):
    """Return the best mark."""
    return min(marks)


print(f"{average_of([1, 2])} {best_of([1, 2])}")
'''
BAD = """\
import os
def f(l, x=[]):
    global z
    for i in range(len(l)):
        for j in range(len(l)):
            if l[i] == l[j]:
                if i != j:
                    try:
                        z = z + 1
                    except:
                        pass
    if z == True:
        return True
    else:
        return False
z = 0
print(f([1, 2, 1]))
"""


def silent(_):
    return None


@st.composite
def mutated(draw):
    """A program with lines taken away, doubled, exchanged or bent."""
    lines = draw(st.sampled_from(PROGRAMS)).split("\n")
    for _ in range(draw(st.integers(0, 4))):
        one, other = (draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        match draw(st.sampled_from(["drop", "double", "exchange", "indent", "bend", "tab"])):
            case "drop" if len(lines) > 1:
                del lines[one]
            case "double":
                lines.insert(one, lines[other])
            case "exchange":
                lines[one], lines[other] = lines[other], lines[one]
            case "indent":
                lines[one] = f"    {lines[one]}"
            case "tab":
                lines[one] = lines[one].replace("    ", "\t")
            case _:
                bent = draw(
                    st.sampled_from([" or ", "; ", " == True", "[0]", " if é else 1", "(", "'", "\f", "\\", "#"])
                )
                lines[one] += bent
    return draw(st.sampled_from(["\n", "\r\n", "\r"])).join(lines)


def put_in(program, finding, after):
    start, end = program.line_start(finding.first), program.line_start(finding.last + 1)
    ending = program.newline if program.data[start:end].endswith((b"\r", b"\n")) else ""
    return program.data[:start].decode() + after + ending + program.data[end:].decode()


@pytest.mark.filterwarnings("ignore::SyntaxWarning", "ignore::DeprecationWarning")
@given(mutated())
def test_any_program_is_reviewed_and_every_change_of_it_parses(code):
    seen = review(code, silent)

    if isinstance(seen, Review):
        program = read(code)
        for finding in (finding for rule in RULES for finding in rule(program) if finding.edits):
            after, whole = changed(program, finding)
            ast.parse(put_in(program, finding, after))
            ast.parse(whole)
        assert 0 <= seen.quality.score <= 100
        assert len(seen.suggestions) <= MOST
    else:
        with pytest.raises(SyntaxError):
            ast.parse(code)


@given(st.text())
def test_any_text_is_reviewed_or_said_to_be_unreadable(text):
    seen = review(text, silent)

    assert seen.praise if isinstance(seen, Review) else seen.message


def test_a_program_that_python_cannot_read_is_said_to_be_so_with_its_line():
    assert review("print(1)\nif True\n") == Unreadable("expected ':'", 2)
    assert review("x = " + "-" * (DEEPEST + 1) + "1") == Unreadable("the program is nested too deeply", None)


def test_a_good_program_has_a_high_mark_no_suggestion_and_a_word_that_is_true_of_it():
    seen = review(GOOD)

    assert (seen.quality.score, seen.suggestions, seen.more) == (100, (), 0)
    assert seen.praise.startswith("Your 2 functions are short enough to be read at a glance, and ")
    assert seen.complexity.worst.rank == "A"


def test_a_bad_program_has_a_low_mark_and_the_five_most_useful_suggestions_come_first():
    seen = review(BAD)

    assert seen.quality.score < 50
    assert len(seen.suggestions) == MOST
    assert seen.more > 5
    weights = [each.weight for each in seen.suggestions]
    assert weights == sorted(weights, reverse=True)
    assert len({each.category for each in seen.suggestions}) >= 4
    assert len({each.rule for each in seen.suggestions}) == MOST


def test_a_suggestion_shows_the_lines_as_they_are_and_touches_nothing_else():
    code = "# é\r\nfound = None\r\nif (found == None):  # why\r\n\tprint( found )"
    (suggestion,) = review(code, silent).suggestions

    assert suggestion.line == 3
    assert suggestion.before == "if (found == None):  # why"
    assert suggestion.after == "if (found is None):  # why"
    assert suggestion.rewritten == code.replace("== None", "is None")


def test_an_import_that_a_change_needs_is_told_and_stands_below_those_that_are_there():
    code = (
        '"""Counts."""\nimport sys\n\nwords = "a b a".split()\nfor word in words:\n    print(words.count(word), sys)\n'
    )
    suggestion = next(each for each in review(code, silent).suggestions if each.rule == "count_in_loop")

    assert suggestion.reason.endswith("It needs `from collections import Counter` at the top.")
    assert suggestion.rewritten.startswith('"""Counts."""\nimport sys\nfrom collections import Counter\n\nwords')
    assert "import" not in suggestion.after


def test_what_a_learner_wrote_cannot_leave_its_backticks():
    code = "print(len('```[x](y)' + name) + 1)\nprint(len('```[x](y)' + name) + 1)\n"
    suggestion = next(each for each in review(code, silent).suggestions if each.rule == "repeated_expression")

    assert "```` len('```[x](y)' + name) + 1 ````" in suggestion.reason


def test_the_mark_tells_what_each_category_took_and_is_the_same_without_ruff():
    with_ruff, without = review(BAD), review(BAD, silent)

    assert with_ruff.quality == without.quality == review(BAD, silent).quality
    assert round(100 - sum(without.quality.parts.values())) == without.quality.score
    assert (with_ruff.linted, without.linted) == (True, False)


def test_one_more_flaw_makes_the_mark_lower_and_a_category_takes_no_more_than_its_share():
    flawed = GOOD + "if 1 == None: print(1)\n"
    hopeless = GOOD + "if 1 == None: print(1)\n" * 200

    assert review(flawed, silent).quality.score < review(GOOD, silent).quality.score
    assert review(hopeless, silent).quality.parts["readability"] < 20


def test_of_a_program_full_of_one_thing_no_more_is_looked_for_than_anybody_reads():
    seen = review("total == 5\n" * 3 * MOST_OF_A_RULE, silent)

    assert seen.more + len(seen.suggestions) < 2 * MOST_OF_A_RULE


def test_ruff_finds_a_name_that_is_never_made_and_it_is_told_in_our_words():
    (suggestion,) = review("print('é', nmae)\n").suggestions

    assert suggestion.rule == "undefined_name"
    assert suggestion.reason.startswith("`nmae` is used here, and nothing of that name is made before.")


def test_a_safe_fix_of_ruff_is_shown_at_its_place_behind_other_letters():
    (finding,) = lint(read("ages = {}\nprint('é', not 'ada' in ages)\n"))
    _, whole = changed(read("ages = {}\nprint('é', not 'ada' in ages)\n"), finding)

    assert finding.rule == "not_in"
    assert whole == "ages = {}\nprint('é', 'ada' not in ages)\n"


def test_a_comment_for_linters_does_not_hide_anything():
    assert [each.rule for each in lint(read("print(nmae)  # noqa\n"))] == ["undefined_name"]


@pytest.mark.parametrize("script", ["#!/bin/sh\nexit 3\n", "#!/bin/sh\necho no JSON\n", "#!/bin/sh\nexec sleep 60\n"])
def test_without_an_answer_from_ruff_the_review_goes_on_and_says_so(script, tmp_path, monkeypatch):
    program = tmp_path / "ruff"
    program.write_text(script)
    program.chmod(stat.S_IRWXU)
    monkeypatch.setattr(linting, "find_ruff_bin", lambda: str(program))
    monkeypatch.setattr(linting, "TIMEOUT_SECONDS", 0.2)

    seen = review(BAD)

    assert not seen.linted
    assert seen.suggestions


def test_without_ruff_on_the_machine_the_review_goes_on(monkeypatch):
    def nowhere():
        raise FileNotFoundError

    monkeypatch.setattr(linting, "find_ruff_bin", nowhere)

    assert not review(GOOD).linted


def test_methods_are_measured_with_the_name_of_their_class_the_most_complex_first():
    code = "def one():\n    return 1\nclass Box:\n    def two(self):\n        return 1 if self else 2\n"
    measured = review(code, silent).complexity

    assert [(each.name, each.line, each.complexity) for each in measured.functions] == [
        ("Box.two", 4, 2),
        ("one", 1, 1),
    ]
    assert 0 < measured.maintainability <= 100


@pytest.mark.parametrize("code", PROGRAMS[:40])
def test_what_is_praised_is_there(code):
    seen, program = review(code, silent), read(code)

    assert isinstance(program, Program)
    if "f-string" in seen.praise:
        assert any(isinstance(node, ast.JoinedStr) for node in program.nodes)
    if "comprehension" in seen.praise:
        assert any(
            isinstance(node, ast.ListComp | ast.DictComp | ast.SetComp | ast.GeneratorExp) for node in program.nodes
        )
    if "functions are short" in seen.praise:
        assert len(program.functions) >= 2
    assert seen.praise.endswith(".")
    assert seen.praise[0].isupper() or seen.praise[0] == "`"
