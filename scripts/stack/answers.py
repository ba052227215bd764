"""Answers made readable in a terminal: each type of event knows its parts."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import indent
from typing import Any

Answer = dict[str, Any]
Parts = list[str]


def parts_of(answer: Answer) -> Parts:
    """Return what an answer says, in paragraphs; some may be empty."""
    told = (
        answer.get("explanation") or answer.get("description") or answer.get("message") or answer.get("summary") or ""
    )
    kind = str(answer.get("type", "")).removeprefix("org.learnflow.").removesuffix(".v1")
    return [heading(answer), str(told).strip(), *_MORE.get(kind, _nothing)(answer), *_rest(answer)]


def heading(answer: Answer) -> str:
    """Return the title, underlined; nothing where there is none."""
    if "title" not in answer:
        return ""
    degree = answer.get("level") or answer.get("difficulty")
    title = f"{answer['title']} ({degree})" if degree else str(answer["title"])
    return f"{title}\n{'═' * len(title)}"


def _nothing(_answer: Answer) -> Parts:
    return []


def _concept(answer: Answer) -> Parts:
    return [
        f"▸ {example['title']}\n{_code(example['code'])}\n  prints\n{_code(example['output'])}"
        for example in answer["examples"]
    ]


def _exercise(answer: Answer) -> Parts:
    if not answer["exercise_id"]:
        return []
    return [
        f"  Begin with\n{_code(answer['starter'])}",
        "\n".join([*map(_trial, answer["tests"]), f"  … and {answer['hidden_tests']} more tests"]),
        f"Hand it in: POST /api/v1/exercises/{answer['exercise_id']}/submissions",
    ]


def _trial(test: dict[str, Any]) -> str:
    tried = "\n".join(filter(None, (test["before"].strip(), test["call"] or "the program")))
    given = f" with the input {test['stdin']!r}" if test["stdin"] else ""
    return indent(f"{tried}{given} must {test['must']}", "    ").replace("    ", "  ▸ ", 1)


def _mistake(answer: Answer) -> Parts:
    hints = [f"▸ Hint {number}: {hint}" for number, hint in enumerate(answer["hints"], 1)]
    corrected = answer["corrected_code"]
    shown = [f"  Corrected, and run\n{_code(corrected)}"] if corrected else []
    return [*hints, *shown, "\n".join(f"Tip: {tip}" for tip in answer["tips"])]


def _review(answer: Answer) -> Parts:
    return [
        f"▸ Line {each['line']}\n{_code(each['before'])}\n  could be\n{_code(each['after'])}"
        for each in answer["suggestions"]
        if each["after"]
    ]


def _quiz(answer: Answer) -> Parts:
    options = "\n".join(f"  {number}  {option}" for number, option in enumerate(answer["options"]))
    way = f'Answer: POST /api/v1/quizzes/{answer["quiz_id"]}/answers with {{"choice": 0}}' if answer["quiz_id"] else ""
    return [answer["question"].strip(), _code(answer["code"] or ""), options, way]


_MORE: dict[str, Callable[[Answer], Parts]] = {
    "concept.explained": _concept,
    "exercise.generated": _exercise,
    "error.explained": _mistake,
    "code.reviewed": _review,
    "quiz.posed": _quiz,
}


def _rest(answer: Answer) -> Parts:
    near = [topic["title"] for topic in answer.get("near_topics") or []]
    return [
        indent(str(answer.get("diagram") or "").strip(), "  "),
        f"Near: {', '.join(near)}" if near else "",
        "\n".join(f"Ask, for example: {suggestion}" for suggestion in answer.get("suggestions") or [])
        if answer.get("type", "").endswith("question.declined.v1")
        else "",
    ]


def _code(text: str) -> str:
    return indent(text.rstrip(), "    ")
