"""Feedback: what a learner is told of a submission, what is good first and then one thing to do next."""

from __future__ import annotations

import re
from typing import cast

from functions.curriculum.constructs import Construct
from functions.curriculum.models import Topic
from functions.curriculum.offering import closed
from functions.curriculum.practice import Exercise
from functions.curriculum.showing import must
from functions.exercise.grading import MOST_AGAINST_THE_RULES, UNREADABLE, Grade, Verdict
from functions.exercise.unready import NotReadable
from functions.exercise.values import Unknown
from functions.exercise.wording import construct, expected
from functions.shared.markdown import code, cut, listed
from functions.shared.practising import TestGraded
from functions.shared.running import MAX_CODE_BYTES

EMPTY = (
    "There is no code in what you handed in yet. Begin with the starter of the exercise, change one line of it, and "
    "hand that in: every attempt tells you more."
)
TOO_LARGE = (
    f"That is more than the {MAX_CODE_BYTES // 1024} KB of code that I can try. The exercise needs far less: "
    "hand in only the part that solves it."
)
NOT_TRIED = (
    "Your submission is safe, but I could not try it out completely, so it has no grade. It is not your fault: "
    "please hand it in once more."
)


def no_such_exercise(exercise_id: str) -> str:
    """Say that there is no exercise of that id, and how to get one."""
    return (
        f"I know no exercise called {code(cut(exercise_id))}. Ask for an exercise, and hand your solution in under the "
        "id that comes with it, which looks like `loops/sum-of-evens`."
    )


def not_open(topic: Topic) -> str:
    """Say that a learner's course has not opened the topic of an exercise that they never had."""
    return (
        f"{closed(topic)} So I did not try your program, and it does not count as an attempt: keep it, and hand it in "
        "when the topic is open. Ask for an exercise, and you get one that is."
    )


def on_unreadable(why: NotReadable) -> str:
    """Say where Python stopped reading, and what to look at."""
    where = f"in line {why.line}" if why.line else "at some point"
    quoted = f" Here is that line: {code(cut(why.text))}." if why.text else ""
    return (
        f"This is quickly mended. Python stops reading {where}: **{cut(why.message)}**.{quoted}\n\n"
        "Look at that line and at the one above it: a bracket, a quote or a colon is often what is missing. "
        "As soon as Python can read the program, I try it out."
    )


def on_grade(grade: Grade, exercise: Exercise, *, with_solution: bool = True) -> str:
    """Return the feedback on what was tried; `with_solution` if ours is shown beside it."""
    if grade.passed:
        well_done = f"All {len(grade.verdicts)} tests pass. Well done!"
        if not with_solution:
            return well_done
        return (
            f"{well_done}\n\n"
            "One way to do it comes with this. Compare it with yours: what differs, and which of the two would you "
            "rather read again in a month?"
        )
    return "\n\n".join(filter(None, (_good(grade, exercise), _next(grade), _rules(grade))))


def graded_test(verdict: Verdict) -> TestGraded:
    """Return what a learner may see of a verdict: of a hidden test no more than whether it passed."""
    test = verdict.test
    if test.hidden:
        return TestGraded(passed=verdict.passed, hidden=True, category=test.category, line=None)
    return TestGraded(
        passed=verdict.passed,
        call=test.call,
        before=test.before,
        stdin=test.stdin,
        expected=expected(test),
        got=cut(_got(verdict)),
        outcome=verdict.ran.outcome,
        line=verdict.line,
    )


def _good(grade: Grade, exercise: Exercise) -> str:
    passing = sum(verdict.passed for verdict in grade.verdicts)
    if passing == len(grade.verdicts):
        return f"All {passing} tests pass: your program does what it should."
    if passing:
        return f"{passing} of {len(grade.verdicts)} tests pass already."
    used = tuple(construct(name) for name in exercise.requires if name not in grade.missing)
    if any(verdict.ran.outcome == "ok" for verdict in grade.verdicts):
        return "Your program runs to its end without an error, which is the first half."
    return (
        f"You use {listed(used)}, as it should be." if used else "Python can read your program, which is a beginning."
    )


def _next(grade: Grade) -> str:
    """Return the first thing that goes wrong, in words; nothing where every test passes."""
    failing = [verdict for verdict in grade.verdicts if not verdict.passed]
    visible = next((verdict for verdict in failing if not verdict.test.hidden), None)
    if visible:
        return _flowing(f"**Look at this first.** {_tried(visible)} must {must(visible.test)}. {_instead(visible)}")
    if failing:
        about = listed(tuple(dict.fromkeys(f"*{verdict.test.category}*" for verdict in failing)))
        return f"Every test that you can see passes. What does not pass yet is hidden, and it is about {about}."
    return ""


def _tried(verdict: Verdict) -> str:
    test = verdict.test
    given = [f"the input {code(test.stdin)}"] if test.stdin else []
    given += [code(test.before, "python")] if test.before else []
    what = code(test.call) if test.call is not None else "your program"
    return f"After {' and '.join(given)}, {what}" if given else what[0].upper() + what[1:]


def _instead(verdict: Verdict) -> str:
    ran, where = verdict.ran, f" in line {verdict.line}" if verdict.line else ""
    if ran.outcome == "blocked" and ran.blocked:
        blocked = ran.blocked
        return f"It uses {code(cut(blocked.what))}{where}. {cut(blocked.why)} {cut(blocked.instead)}"
    if ran.outcome in ("error", "syntax_error") and ran.error:
        return f"It ends{where} with {code(cut(f'{ran.error.type}: {ran.error.message}'))}."
    if ran.outcome != "ok":
        return _ENDS[ran.outcome]
    if verdict.test.prints is not None:
        return f"It prints {code(cut(verdict.printed))}." if verdict.printed.strip() else "It prints nothing."
    if verdict.value is UNREADABLE:
        return "It gives nothing that can be read."
    return f"It gives {code(cut(_shown(verdict.value)))}.{_of_another_type(verdict)}"


_ENDS = {
    "error": "It ends with an error.",
    "timeout": "It did not end in time; is there a loop that goes on for ever?",
    "out_of_memory": "It needed more memory than there is; does something grow without an end?",
    "output_limit": "It prints far more than can be kept; is there a loop that goes on for ever?",
    "blocked": "It uses something that is not allowed here.",
    "syntax_error": "Python cannot read it.",
    "killed": "It was ended because it crashed, or did what no program may do here.",
}


def _got(verdict: Verdict) -> str:
    """Return what came of a test, as data."""
    ran = verdict.ran
    if ran.error and ran.outcome != "ok":
        return f"{ran.error.type}: {ran.error.message}"
    if ran.blocked and ran.outcome != "ok":
        return ran.blocked.what
    if ran.outcome != "ok":
        return _ENDS[ran.outcome].partition(";")[0].rstrip(".")
    return verdict.printed if verdict.test.prints is not None else _shown(verdict.value)


def _shown(value: object) -> str:
    """Return a value as Python shows it; one of no plain type says what it is."""
    if isinstance(value, Unknown):
        return value.repr if value is UNREADABLE else f"{value.repr} (of type {value.type})"
    try:
        return repr(value)
    except ValueError:  # Python writes no int of more than 4,300 digits
        return "a number too long to be shown"


def _of_another_type(verdict: Verdict) -> str:
    wanted, came = type(verdict.test.expected), type(verdict.value)
    if wanted is came or None in (verdict.test.expected, verdict.value) or came is Unknown:
        return ""
    return f" That is of type `{came.__name__}`, and a value of type `{wanted.__name__}` is wanted."


def _rules(grade: Grade) -> str:
    """Return what the exercise asks for besides passing tests, as far as it is not met."""
    broken = []
    if grade.missing:
        asked = listed(tuple(construct(cast(Construct, name)) for name in grade.missing))
        broken.append(f"The exercise is about {asked}, and your program has none yet.")
    if grade.forbidden:
        calls = listed(tuple(code(f"{name}()") for name in grade.forbidden))
        broken.append(f"The exercise is to be solved without {calls}.")
    if grade.score >= MOST_AGAINST_THE_RULES and broken:
        broken.append(f"Until then it has {MOST_AGAINST_THE_RULES} points at most.")
    return " ".join(broken)


def _flowing(text: str) -> str:
    """Return sentences that blocks of code stand in, without the white space before and the full stops after these."""
    text = re.sub(r" +\n\n(?=`{3})", "\n\n", text)
    text = re.sub(r"^(`{3,})[.,] *", r"\1\n\n", text, flags=re.MULTILINE)
    return re.sub(r"(?<=\n\n)[.,] *", "", text).strip()
