"""`python -m tests.model_stand_in`: the stand-in until it is ended.

--port N           where it listens (a free port, which it prints)
--gives-in FILE    hand out this solution, whatever is asked
--thinks SECONDS   how long it takes over an answer (not at all)
"""

from __future__ import annotations

import argparse
import signal
import threading
from pathlib import Path

from tests.model_stand_in import StandIn, fits, gives_in, thinks


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--gives-in", type=Path)
    parser.add_argument("--thinks", type=float, default=0.0)
    options = parser.parse_args()
    ended = threading.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: ended.set())
    manner = gives_in(options.gives_in.read_text()) if options.gives_in else fits()
    with StandIn(port=options.port, manner=thinks(manner, seconds=options.thinks)) as stand_in:
        print(f"The stand-in for a language model listens at {stand_in.base_url}", flush=True)
        ended.wait()


if __name__ == "__main__":
    main()
