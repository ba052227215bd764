"""`python -m functions.progress` serves the function on $PORT."""

from pathlib import Path

from functions.shared.app import run

run("progress", Path(__file__).with_name("main.py"))
