"""`scripts/evaluate tutor`: the built-in tutor and a language model side by side, a module for each thing measured."""

from scripts.stack.evaluating.tutor.command import main

__all__ = ["main"]
