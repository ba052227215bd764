"""What may be a username and a password, and how long the next try has to wait: pure."""

from __future__ import annotations

import hashlib
import unicodedata
from datetime import timedelta
from pathlib import Path

USERNAME_LENGTH = (3, 254)
"""In characters; the longest e-mail address fits."""
PASSWORD_LENGTH = (10, 256)
FREE_FAILURES = 4
"""Log-ins that may fail in a row before the next has to wait."""
FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(hours=1)
FAILURES_FORGOTTEN = timedelta(days=1)
"""After the last one; more than the longest pause, so that waiting out a pause never resets what it grows from."""
_FEWEST_DIFFERENT = 4
_COMMON = frozenset(Path(__file__).with_name("common_passwords.txt").read_text().split())
"""Passwords that everybody tries first, of those that are long enough to be set at all."""


def canonical(username: str) -> str:
    """Return what a username is known and kept by, the same for all ways to type it: its NFKC case folding.

    That is Unicode's compatibility caseless matching (The Unicode Standard, 3.13, D146).
    """
    decomposed = unicodedata.normalize("NFD", username).casefold()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", decomposed).casefold())


def typed(password: str) -> str:
    """Return a password as it is hashed: NFKC, as keyboards differ in how they make an é (NIST SP 800-63B, 5.1.1)."""
    return unicodedata.normalize("NFKC", password)


def wrong_with_username(name: str) -> str | None:
    """Return why this canonical name can be nobody's, or None if it can."""
    shortest, longest = USERNAME_LENGTH
    if not shortest <= len(name) <= longest:
        return f"{shortest} to {longest} characters"
    if not name.isprintable() or any(character.isspace() for character in name):
        return "No spaces, and nothing that cannot be seen"
    return None


def wrong_with_password(password: str) -> str | None:
    """Return why this password, as it is hashed, may not be set by anybody, or None if it may."""
    shortest, longest = PASSWORD_LENGTH
    if not shortest <= len(password) <= longest:
        return f"{shortest} to {longest} characters"
    if password.casefold() in _COMMON or len(set(password)) < _FEWEST_DIFFERENT:
        return "Too easy to guess: it is one of those that everybody tries first"
    return None


def is_username(password: str, name: str) -> bool:
    """Whether a password is the canonical name itself, or what stands before the @ of it."""
    return canonical(password) in {name, name.partition("@")[0]}


def name_hash(name: str) -> bytes:
    """Return what failed log-ins of a canonical name are counted under, whether or not it is anybody's."""
    return hashlib.sha256(name.encode()).digest()


def pause_after(failures: int) -> timedelta:
    """Return how long nobody may try a name again after so many failures in a row.

    Nothing for the first four, 30 seconds after the fifth, twice as long after each one more, an hour at most: someone
    who goes on for a day makes about 35 guesses.
    """
    if failures <= FREE_FAILURES:
        return timedelta(0)
    doublings = min(failures - FREE_FAILURES - 1, 16)  # beyond the longest, and far below what overflows
    return min(FIRST_PAUSE * (1 << doublings), LONGEST_PAUSE)
