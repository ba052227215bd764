"""The words that speak for an intent, and how loudly; data for rules.py."""

from __future__ import annotations

import re
from dataclasses import dataclass

from functions.shared.events import Intent

ERROR_NAME = r"\b(?:[A-Z]\w*(?:Error|Exception)|StopIteration|KeyboardInterrupt)\b"


@dataclass(frozen=True)
class Cue:
    """Words that add `weight` to the score of an intent, once however often they occur."""

    intent: Intent
    weight: float
    words: re.Pattern[str]


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile("|".join(alternatives), re.IGNORECASE)


PYTHON = _any(
    r"\b(?:python\w*|pip|pytest|programm\w*|cod(?:e|ing)|algorithms?|syntax|bugs?|errors?|traceback|debug\w*)\b",
    r"\b(?:variables?|strings?|f-?strings?|integers?|floats?|booleans?|lists?|dict(?:s|ionar\w*)?|tuples?|sets?)\b",
    r"\b(?:loops?|for|while|range|iterat\w*|generators?|comprehensions?|yield|index\w*|slic\w+|recursi\w+)\b",
    r"\b(?:functions?|def|return|arguments?|parameters?|lambdas?|closures?|decorators?|scopes?|print|input)\b",
    r"\b(?:class(?:es)?|objects?|inherit\w*|methods?|self|attributes?|types?|type hints?|operators?)\b",
    r"\b(?:modules?|imports?|files?|exceptions?|try|except|context managers?|with statement)\b",
    r"\b(?:if|else|elif|conditionals?|none|true|false|async\w*|await|coroutines?)\b",
)
"""A sign that somebody talks about programming at all."""

CUES = (
    Cue(
        "concepts",
        2.2,
        _any(
            r"\b(?:explain|meaning of|teach me)", r"\bwhat(?:'s| is| are| does)", r"\bhow (?:do|does|can|to|is|are)\b"
        ),
    ),
    Cue(
        "concepts",
        1.4,
        _any(r"\bwhy (?:do|does|is|are|would|use)\b", r"\b(?:difference between|vs\.?|understand|tell me about)\b"),
    ),
    Cue(
        "concepts",
        1.0,
        _any(r"\b(?:learn|tutorial|concept|introduc\w+|example of)\b", r"\bwhen (?:should|do|to)\b"),
    ),
    Cue("debug", 3.0, re.compile(r"traceback \(most recent|^\s*file \"|, line \d+", re.IGNORECASE | re.MULTILINE)),
    Cue("debug", 3.0, _any(r"\b(?:fix|debug|solve) (?:my|this|the|it|an?)?\b")),
    Cue("debug", 2.4, _any(r"(?:\bnot|\bnever|\w(?:n['’]?t)) (?:work|run|print|stop|return)\w*")),
    Cue(
        "debug",
        2.4,
        _any(
            r"\b(?:i'?m|i am|keeps?) (?:getting|seeing) (?:an?|this|the)?\b",
            r"\bi (?:get|got) (?:an?|this|the)?\b",
            r"\b(?:gives? me|throws?|raises) (?:an?|this|the)?\b",
        ),
    ),
    Cue(
        "debug",
        1.6,
        _any(
            r"\b(?:never stops?|broken|crash\w*|stuck|bugs?|fails?)\b",
            r"\bwrong (?:output|result|answer)\b",
            r"\bwhat(?:'s| is) wrong\b",
        ),
    ),
    Cue(
        "exercise",
        3.6,
        _any(
            r"\b(?:give|make|set|create|generate|find|want|need|send|another)\b"
            r".{0,30}\b(?:exercis|practi[cs]|challeng|problem|task|drill)\w*"
        ),
    ),
    Cue("exercise", 2.2, _any(r"\b(?:exercis\w*|practi[cs]e\b|practi[cs]ing|challenges?|drills?|homework to do)")),
    Cue(
        "code_review",
        3.8,
        _any(
            r"\b(?:review|critique|feedback on|look over|improve|refactor|clean up|rate)\b"
            r".{0,25}\b(?:code|function|program|script|solution|class|this|it)\b"
        ),
    ),
    Cue(
        "code_review",
        1.8,
        _any(r"\b(?:code review|better way|more pythonic|code quality|best practices? (?:in|for) my)\b"),
    ),
    Cue("quiz", 4.0, _any(r"\b(?:quiz|test me|ask me|multiple[- ]choice|question me|test my knowledge)\b")),
    Cue("progress", 4.4, _any(r"\bhow (?:am i|have i been|far (?:am|have) i|well (?:am|do) i|did i)\b")),
    Cue(
        "progress",
        3.4,
        _any(r"\bmy (?:progress|mastery|level|score|streak|stats|results)\b", r"\bam i (?:improving|getting better)\b"),
    ),
    Cue(
        "off_topic",
        3.6,
        _any(
            r"\b(?:weather|football|soccer|recipes?|cook\w*|movies?|songs?|lyrics|politic\w*|president|jokes?)\b",
            r"\b(?:poems?|horoscope|dating|girlfriend|boyfriend|stock (?:price|market)|bitcoin|lottery|holiday)\b",
            r"\b(?:capital of|translate|restaurants?|essay|photosynthesis|history of (?!python))\b",
        ),
    ),
    Cue(
        "off_topic",
        3.2,
        _any(
            r"\b(?:javascript|typescript|java|kotlin|rust|golang|php|ruby|swift|html|css|excel)\b",
            r"(?<!\w)c(?:\+\+|#)",
        ),
    ),
    Cue(
        "off_topic",
        3.0,
        _any(
            r"\b(?:who are you|are you (?:human|real|an? ai)|ignore (?:all|previous|your))\b",
            r"\byour (?:name|prompt|instructions|system prompt)\b",
        ),
    ),
)
