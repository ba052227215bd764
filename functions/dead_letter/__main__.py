"""`python -m functions.dead_letter` serves the function on $PORT."""

from pathlib import Path

from functions.shared.app import run

run("dead-letter", Path(__file__).with_name("main.py"), needs=("DATABASE_URL", "BROKER_URL"))
