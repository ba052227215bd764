# Tries to end all it may signal.
# expect: ok
# prints: refused
import sys
os = sys.modules["os"]
for pid in (-1, 0, 1 if os.getpid() != 1 else 2, -os.getpgrp() or -1):
    try:
        os.kill(pid, 9)
        print("GOT IN")
    except OSError:
        pass
print("refused")
