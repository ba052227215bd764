"""`python -m functions.triage` serves the function on $PORT."""

from pathlib import Path

from functions.shared.app import run

run("triage", Path(__file__).with_name("main.py"))
