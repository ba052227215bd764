"""`python -m functions.quiz` serves the function on $PORT."""

from pathlib import Path

from functions.shared.app import run

run("quiz", Path(__file__).with_name("main.py"))
