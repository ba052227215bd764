# Tries to signal another run, or to stop it, by a lock on a file that both may read.
# expect: ok
# prints: refused
import sys
real_import = sys.modules["builtins"].__import__
fcntl = real_import("fcntl")
file = sys.modules["builtins"].open(sys.modules["os"].__file__)
for attempt in (lambda: fcntl.flock(file, fcntl.LOCK_EX), lambda: fcntl.lockf(file, fcntl.LOCK_SH)):
    try:
        attempt()
        print("GOT IN")
    except OSError:
        pass
print("refused")
