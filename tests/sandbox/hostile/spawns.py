# Tries the ways to a process that are not fork.
# expect: ok
# prints: refused
import sys
os = sys.modules["os"]
try:
    os.posix_spawn("/bin/sleep", ["sleep", "1000"], {})
    print("GOT IN")
except OSError:
    print("refused")
