"""`python -m functions.not_yet_here` serves the function on $PORT."""

from pathlib import Path

from functions.shared.app import run

run("not-yet-here", Path(__file__).with_name("main.py"))
