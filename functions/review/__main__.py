"""`python -m functions.review` serves the function on $PORT."""

from pathlib import Path

from functions.shared.app import run

run("review", Path(__file__).with_name("main.py"))
