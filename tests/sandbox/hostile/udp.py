# Tries to send without a connection, which Landlock does not stop.
# expect: ok
# prints: refused
import json, sys
socket = sys.modules["builtins"].__import__("socket")
try:
    socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"GOT IN", ("127.0.0.1", json.loads(input())["udp"]))
    print("GOT IN")
except OSError:
    print("refused")
