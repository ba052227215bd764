# Tries to become traceable again, to keep on after its parent, to have capabilities.
# expect: ok
# prints: refused
import sys
ctypes = sys.modules["builtins"].__import__("ctypes")
libc = ctypes.CDLL(None)
for option, value in ((4, 1), (1, 0), (36, 1), (23, 21), (47, 2), (22, 0), (28, 0), (8, 1), (24, 0), (35, 0)):
    if libc.prctl(option, value, 0, 0, 0) == 0:
        print("GOT IN", option)
header, data = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6)
if libc.syscall(126, header, data) >= 0 or libc.syscall(105, 0) >= 0:
    print("GOT IN")
print("refused")
