# Tries to become another program.
# expect: ok
# prints: refused
import sys
os = sys.modules["os"]
try:
    os.execv("/bin/sh", ["sh", "-c", "echo GOT IN"])
except OSError:
    print("refused")
