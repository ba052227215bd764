# Tries to be a server.
# expect: ok
# prints: refused
import sys
socket = sys.modules["builtins"].__import__("socket")
try:
    socket.create_server(("127.0.0.1", 0))
    print("GOT IN")
except OSError:
    print("refused")
