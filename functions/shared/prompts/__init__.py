"""Prompts: what a language model is told, per task: a file with a version, a typed input, and what is to come back."""
