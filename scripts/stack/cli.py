"""How every script ends: a problem in plain words on standard error and exit code 1; Ctrl-C is 130."""

from __future__ import annotations

import sys
from collections.abc import Callable

from scripts.stack.errors import StackError

INTERRUPTED = 130


def run(main: Callable[[], int]) -> None:
    """Run `main` and leave with its exit code."""
    try:
        code = main()
    except StackError as problem:
        print(f"✗ {problem}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = INTERRUPTED
    except BrokenPipeError:  # … | head
        sys.stderr.close()
        code = 0
    sys.exit(code)
