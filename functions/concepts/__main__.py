"""`python -m functions.concepts` serves the function on $PORT."""

from pathlib import Path

from functions.shared.app import run

run("concepts", Path(__file__).with_name("main.py"))
