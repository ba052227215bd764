# Tries to become root in a world of its own.
# expect: ok
# prints: refused
import sys
ctypes = sys.modules["builtins"].__import__("ctypes")
os, libc = sys.modules["os"], ctypes.CDLL(None)
calls = [(272, flag) for flag in (0x10000000, 0x20000, 0x40000000, 0x20000000)]
calls += [(165, b"tmpfs", b".", b"tmpfs", 0, 0), (166, b"/", 2), (155, b".", b"."), (161, b"."), (428, -100, b"/", 1), (429, 0, b"", 0, b"", 0), (430, b"tmpfs", 0), (442, -100, b"/", 0, 0, 0), (308, 0, 0), (105, 0), (106, 0)]
for call in calls:
    if libc.syscall(*call) >= 0:
        print("GOT IN", call)
print("refused")
