"""Concepts: explains a topic of Python at the learner's level, or says honestly that there is no lesson on it."""
