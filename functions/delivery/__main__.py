"""`python -m functions.delivery` serves the function on $PORT."""

from pathlib import Path

from functions.shared.app import run

run("delivery", Path(__file__).with_name("main.py"))
