# Tries to ignore every signal that asks it to end.
# expect: timeout
import sys
signal = sys.modules["builtins"].__import__("signal")
for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
while True:
    pass
