"""Words are compared without case, number and small misspellings."""

from __future__ import annotations

import pytest

from functions.concepts.words import respelt, words

VOCABULARY = ("async", "await", "class", "coroutine", "decorator", "function", "loop", "parameter", "return")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("For-Loops, f-strings!", ("for", "loop", "f", "string")),
        (
            "a class's classes, dictionaries, branches, indexes",
            ("a", "class", "class", "dictionary", "branch", "index"),
        ),
        ("this is less obvious", ("this", "is", "less", "obvious")),
        ("*args and **kwargs of __init__", ("*arg", "and", "**kwarg", "of", "__init__")),
        ("the @ sign, @property, me@example.com", ("the", "@", "sign", "@", "property", "me", "example", "com")),
        ("super() asyncio.gather", ("super", "()", "asyncio", "gather")),
        ("10 times, 100 times", ("0", "time", "0", "time")),
        ("what does % do, and / or //?", ("what", "doe", "%", "do", "and", "/", "or", "//")),
        ("100% of http://a.b/c", ("0", "of", "http", "a", "b", "c")),
        ("= and == and +=, [] and {}", ("=", "and", "==", "and", "+=", "[]", "and", "{}")),
        (r"a \n in it", ("a", r"\n", "in", "it")),
        ("", ()),
    ],
)
def test_a_text_is_cut_into_comparable_words(text: str, expected: tuple[str, ...]) -> None:
    assert words(text) == expected


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lopp", "loop"),
        ("looop", "loop"),
        ("fucntion", "function"),
        ("calss", "class"),
        ("asnyc", "async"),
        ("awiat", "await"),
        ("corutine", "coroutine"),
        ("dekorator", "decorator"),
        ("paramter", "parameter"),
        ("retrun", "return"),
        ("paramet", "parameter"),
        ("corout", "coroutine"),
    ],
)
def test_a_misspelling_is_read_as_what_was_meant(typed: str, meant: str) -> None:
    assert respelt(typed, VOCABULARY) == meant


@pytest.mark.parametrize(
    "word", ["look", "glass", "clear", "wait", "sync", "fraction", "director", "lo", "loop", "looking", "func", "decor"]
)
def test_another_word_stays_itself(word: str) -> None:
    assert respelt(word, VOCABULARY) == word
