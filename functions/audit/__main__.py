"""`python -m functions.audit` serves the function on $PORT."""

from pathlib import Path

from functions.shared.app import run

run("audit", Path(__file__).with_name("main.py"))
