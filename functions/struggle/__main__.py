"""`python -m functions.struggle` serves the function on $PORT."""

from pathlib import Path

from functions.shared.app import run

run("struggle", Path(__file__).with_name("main.py"))
