# Tries the families that need no network: Unix, abstract, netlink, vsock, packets, pairs.
# expect: ok
# prints: refused
import json, sys
socket = sys.modules["builtins"].__import__("socket")
abstract = json.loads(input())["abstract"]
try:
    socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM).sendto(b"GOT IN", "\0" + abstract)
    print("GOT IN")
except OSError:
    pass
for family in (socket.AF_UNIX, socket.AF_NETLINK, socket.AF_VSOCK, socket.AF_PACKET, socket.AF_ALG, socket.AF_INET6, 44):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        try:
            socket.socket(family, kind)
            print("GOT IN", family, kind)
        except OSError:
            pass
try:
    socket.socketpair()
    print("GOT IN")
except OSError:
    print("refused")
