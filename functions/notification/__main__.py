"""`python -m functions.notification` serves the function on $PORT."""

from pathlib import Path

from functions.shared.app import run

run("notification", Path(__file__).with_name("main.py"), needs=("DATABASE_URL", "BROKER_URL"))
