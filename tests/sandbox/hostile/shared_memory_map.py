# Tries memory that RLIMIT_DATA does not count.
# expect: ok
# prints: refused
import sys
mmap = sys.modules["builtins"].__import__("mmap")
try:
    m = mmap.mmap(-1, 200 * 1024 * 1024)
    m.write(b"x" * len(m))
    print("GOT IN")
except (OSError, MemoryError):
    print("refused")
