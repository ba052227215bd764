# Tries to crash the interpreter.
# expect: killed
import sys
ctypes = sys.modules["builtins"].__import__("ctypes")
print("before")
ctypes.string_at(0)
