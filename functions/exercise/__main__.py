"""`python -m functions.exercise` serves the function on $PORT."""

from pathlib import Path

from functions.shared.app import run

run("exercise", Path(__file__).with_name("main.py"))
