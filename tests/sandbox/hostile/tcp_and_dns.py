# Tries to reach the machine, the cloud's metadata and a name server.
# expect: ok
# prints: refused
import json, sys
socket = sys.modules["builtins"].__import__("socket")
for address in (("127.0.0.1", json.loads(input())["tcp"]), ("169.254.169.254", 80), ("10.96.0.1", 443)):
    try:
        socket.create_connection(address, timeout=0.2)
        print("GOT IN", address)
    except OSError:
        pass
try:
    socket.getaddrinfo("example.org", 80)
    print("GOT IN")
except OSError:
    print("refused")
