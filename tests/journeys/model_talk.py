"""What a model says in journeys, to each kind of question, in a form that can be used."""

import json

from tests.made_exercise import said as made_exercise
from tests.model_stand_in import says

COUNTS = {"title": "Counting", "code": "for n in range(3):\n    print(n)\n", "output": "0\n1\n2\n"}


def explains(**fields):
    """Explain a topic."""
    said = {
        "is_about_python": True,
        "title": "Why your loop never ends",
        "explanation": "A `while` loop goes on as long as its condition is true. Yours never becomes false.",
        "examples": [COUNTS],
        "diagram": None,
    }
    return says(json.dumps(said | fields))


def places(**fields):
    """Say which lesson a question belongs to, and explain."""
    return explains(**{"topic": None, "near": [], **fields})


def hints(**fields):
    """Explain a mistake, step by step."""
    said = {
        "line": 1,
        "title": "Something to compare",
        "explanation": "Python did what the line says, which is not what you meant.",
        "hint_1": "Which value did you expect, and which one did you get?",
        "hint_2": "Compare the sign in line 1 with what you want to do with the two numbers.",
        "hint_3": "One sign in line 1 has to be another one.",
        "corrected_code": None,
        "tips": ["Say aloud what a line does before you run it."],
    }
    return says(json.dumps(said | fields))


def reviews(**fields):
    """Say what is good and what could be better."""
    said = {
        "praise": "The name says what the program is about.",
        "summary": "The program is right. Going over the values themselves is the next step.",
        "suggestions": [],
    }
    return says(json.dumps(said | fields))


def makes(**fields):
    """Make an exercise."""
    return says(json.dumps(made_exercise(**fields)))


TALKS = {"concepts": explains(), "debug": hints(), "review": reviews(), "exercise": makes()}
"""A model that does as it is told."""
