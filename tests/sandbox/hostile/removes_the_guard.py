# Tries to take the courtesy policy away.
# expect: ok
# prints: refused
import sys
__builtins__["__import__"] = sys.modules["builtins"].__import__
socket = __builtins__["__import__"]("socket")
try:
    socket.socket()
    print("GOT IN")
except OSError:
    print("refused")
