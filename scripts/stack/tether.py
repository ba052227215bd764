"""Run a command that must not outlive its parent: it ends when the parent's end of our standard input closes.

    python tether.py [--signal INT] [--user NAME] -- COMMAND…

The system closes that end however the parent died, so a test run that was killed leaves nothing behind.
"""

from __future__ import annotations

import argparse
import os
import pwd
import signal
import subprocess
import sys
import threading
from typing import Any

GRACE_SECONDS = 10


def main() -> int:
    options = _options()
    who: dict[str, Any] = {}
    if options.user:
        entry = pwd.getpwnam(options.user)
        who = {"user": entry.pw_uid, "group": entry.pw_gid, "extra_groups": []}
    # Ctrl-C goes to the whole group of the terminal; the parent decides what it means for this one.
    child = subprocess.Popen(options.command, stdin=subprocess.DEVNULL, start_new_session=True, **who)
    for ending in (signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: child.send_signal(options.signal))
    threading.Thread(target=_end_with_parent, args=(child, options.signal), daemon=True).start()
    return child.wait()


def _end_with_parent(child: subprocess.Popen[bytes], how: signal.Signals) -> None:
    while os.read(sys.stdin.fileno(), 4096):
        pass
    child.send_signal(how)
    try:
        child.wait(GRACE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Run a command that ends with its parent.")
    parser.add_argument("--signal", type=lambda name: signal.Signals[f"SIG{name}"], default=signal.SIGTERM)
    parser.add_argument("--user")
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
