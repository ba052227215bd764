# Tries system calls by the numbers of x32, which a filter by number alone does not know.
# expect: killed
import sys
ctypes = sys.modules["builtins"].__import__("ctypes")
ctypes.CDLL(None).syscall(0x40000000 + 39)
print("GOT IN")
