# Tries the way round every system call filter.
# expect: ok
# prints: refused
import sys
ctypes = sys.modules["builtins"].__import__("ctypes")
libc, parameters = ctypes.CDLL(None), ctypes.create_string_buffer(256)
print("GOT IN" if libc.syscall(425, 8, parameters) >= 0 else "refused")
