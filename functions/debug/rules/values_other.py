"""Values: other messages of `ValueError`, each with what it means."""

from __future__ import annotations

import ast
import re

from functions.debug.model import Case, Finding, Rule
from functions.debug.rules import looking
from functions.debug.rules.mending import replaced
from functions.debug.rules.phrases import shown
from functions.debug.rules.reporting import at, is_call, message, number, tell, written

_KNOWN: tuple[tuple[str, str, str], ...] = (
    (
        r"(max|min)\(\) (arg|iterable argument) is (an )?empty|(max|min)\(\) arg is an empty",
        "`max` and `min` need at least one value, and they get none.",
        "Ask whether there is a value first, or say what should come out otherwise: `max(values, default=0)`.",
    ),
    (
        r"range\(\) arg 3 must not be zero|slice step cannot be zero",
        "A step of 0 would never arrive anywhere.",
        "Use a step of 1 or more, or of -1 or less to go backwards.",
    ),
    (
        r"empty separator",
        "`split` needs at least one character to split at, and it gets an empty text.",
        "To get the letters of a text, write `list(text)`; to split at white space, write `split()`.",
    ),
    (
        r"empty range (for|in) rand",
        "There is no number between the two limits: the first one is larger than the second one.",
        "Write the smaller limit first.",
    ),
    (
        r"[Ss]ample larger than population",
        "`random.sample` never takes an item twice, so it cannot take more items than there are.",
        "Ask for fewer items, or use `random.choices`, which may take an item several times.",
    ),
    (
        r"I/O operation on closed file",
        "The file is closed already when this line wants to use it: a `with` block closes it at its end.",
        "Move the line into the `with` block, so that it is indented like the others there.",
    ),
    (
        r"(day|month|year|hour|minute|second)\b.*(is out of range|must be in)",
        "There is no such date or time: one of the numbers is too large or too small.",
        "Check the order, which is year, month, day, and that each number exists in the calendar.",
    ),
    (
        r"time data .* does not match format|unconverted data remains",
        "The text of the date is not written like the format that stands beside it.",
        "Compare both character by character: `%d` is the day, `%m` the month, `%Y` a year of four digits.",
    ),
    (
        r"Unknown format code|[Ii]nvalid format specifier|unsupported format character|incomplete format",
        "What stands behind the `:` or the `%` does not fit the value that is put there.",
        "`d` is for whole numbers, `.2f` for numbers with a decimal point, `s` for texts.",
    ),
    (
        r"zip\(\) argument \d+ is (longer|shorter)",
        "With `strict=True`, `zip` wants all lists to be of the same length, and they are not.",
        "Print the lengths, and find out which list lacks an item.",
    ),
    (
        r"dictionary update sequence element",
        "`dict` wants pairs of a key and a value, and it gets parts of another length.",
        "Give it pairs, `dict([(key, value)])`, or put two lists together with `dict(zip(keys, values))`.",
    ),
    (
        r".* is not a valid \w+",
        "The enumeration has no member with this value.",
        "Look at the values in its class; a member is found by its name with square brackets.",
    ),
    (
        r"chr\(\) arg not in range|bytes must be in range",
        "The number stands for no character or byte.",
        "Print the number: a byte is from 0 to 255, and a character is never negative.",
    ),
    (
        r"sleep length must be non-negative|negative shift count",
        "The number must not be negative here.",
        "Print the number, and swap the two sides if it is a difference.",
    ),
    (
        r"Exceeds the limit .*for integer string conversion",
        "Python does not write out, or read, whole numbers of more than 4300 digits.",
        "Keep the number as it is and do not print all of it; `len` and `str` of it are not possible.",
    ),
    (r"invalid mode", "Files are opened to read, `r`, to write, `w`, or to append, `a`.", 'Use `"r"`, `"w"` or `"a"`.'),
    (
        r"cannot convert float NaN",
        "`nan` stands for no number at all, so it cannot be made whole.",
        "Look at where it comes from, for example a division of infinities, or an empty field of a table.",
    ),
    (
        r"attempt to assign sequence of size",
        "A slice with a step can only be replaced by exactly as many items.",
        "Give as many items as the slice has.",
    ),
    (
        r"[Tt]he truth value of an? ",
        "An `if` wants one answer, and a whole array or table gives many.",
        "Ask `.any()` or `.all()` of it; combine conditions with `&` and `|` and put brackets around each.",
    ),
    (
        r"Single '[{}]' encountered|expected '}' before end|cannot switch from manual|unmatched '{'",
        "The curly brackets of the format text are not in order.",
        "Each `{` needs its `}`; to show a curly bracket itself, write it twice.",
    ),
    (
        r"embedded null",
        "There is a character in it that ends a text for the system.",
        "On Windows, write `r` before a path.",
    ),
)


def swapped_limits(case: Case) -> Finding | None:
    """`random.randint(6, 1)`: the larger limit first."""
    found = _message_known(case)
    if found is None or not message(case).startswith("empty range"):
        return None
    calls = [call for call in looking.suspects(case, ast.Call) if is_call(call, "randint", "randrange", "uniform")]
    for call in calls:
        low, high = (*map(number, call.args[:2]), None, None)[:2]
        if low is not None and high is not None and low > high:
            texts = (
                f"{written(case, call)}{at(case, call)} asks for a number from {low} to {high}, and there is none.",
                "Which of the two limits should be the smaller one?",
                f"Write the smaller limit first: {shown(f'{high}, {low}')}.",
            )
            changes = (
                (call.args[0], looking.source(case, call.args[1])),
                (call.args[1], looking.source(case, call.args[0])),
            )
            return tell(case, "value_other", call, texts, replaced(case, *changes))
    return None


def value_known(case: Case) -> Finding | None:
    """A message that one can say something about without the program."""
    found = _message_known(case)
    if found is None:
        return None
    _, explanation, solution = found
    calls = looking.suspects(case, ast.Call)
    call = calls[0] if calls and looking.place(case) else None
    where = f"{written(case, call)}{at(case, call)}" if call is not None else f"the line{at(case)}"
    texts = (
        f"The program stops{at(case, call)}. {explanation}",
        f"Look at {where}: which values does it work with when it runs?",
        solution,
    )
    return tell(case, "value_other", call, texts)


def _message_known(case: Case) -> tuple[str, str, str] | None:
    return next((known for known in _KNOWN if re.match(known[0], message(case))), None)


RULES: dict[str, tuple[Rule, ...]] = {"ValueError": (swapped_limits, value_known)}
