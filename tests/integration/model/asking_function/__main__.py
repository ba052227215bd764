"""Run it as the platform would."""

from pathlib import Path

from functions.shared.app import run

run("concepts", Path(__file__).parent / "main.py")
