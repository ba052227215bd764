"""What stops a script, said to the person who ran it."""

from __future__ import annotations


class StackError(Exception):
    """A problem with its way out, in words for the person at the terminal. Scripts print it and exit 1."""


class NotHereError(StackError):
    """Something this machine does not offer (Java, Maven, …). The caller may go on without it."""
