# Tries clone and clone3 themselves, also with the flag that is allowed.
# expect: ok
# prints: refused
import sys
ctypes = sys.modules["builtins"].__import__("ctypes")
libc = ctypes.CDLL(None)
arguments = (ctypes.c_uint64 * 11)(0x10000000)
thread = 0x00010000 | 0x00000800 | 0x00000100
for call in ((56, 17, 0, 0, 0, 0), (56, thread | 0x10000000, 0, 0, 0, 0), (56, thread | 0x40000000, 0, 0, 0, 0), (57,), (58,), (435, arguments, 88)):
    if libc.syscall(*call) >= 0:
        print("GOT IN", call[0])
print("refused")
