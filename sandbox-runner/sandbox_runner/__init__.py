"""Run a learner's Python program where it can harm nothing and nobody."""
