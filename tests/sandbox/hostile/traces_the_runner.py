# Tries to attach to the runner and to its parent, to read and write their memory.
# expect: ok
# prints: refused
import json, sys
ctypes = sys.modules["builtins"].__import__("ctypes")
os, libc, told = sys.modules["os"], ctypes.CDLL(None), json.loads(input())
for pid in (told["runner"], told["zygote"], os.getppid()):
    for call in ((101, 16, pid, 0, 0), (101, 0x4206, pid, 0, 0), (310, pid, 0, 0, 0, 0, 0), (311, pid, 0, 0, 0, 0, 0), (312, pid, pid, 0, 0, 0)):
        if libc.syscall(*call) >= 0:
            print("GOT IN", call)
print("refused")
