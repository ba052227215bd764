"""`python -m functions.debug` serves the function on $PORT."""

from pathlib import Path

from functions.shared.app import run

run("debug", Path(__file__).with_name("main.py"))
