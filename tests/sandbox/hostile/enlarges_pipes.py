# Tries larger pipes: a megabyte each.
# expect: ok
# prints: refused
import sys
real_import = sys.modules["builtins"].__import__
os, fcntl = sys.modules["os"], real_import("fcntl")
r, w = os.pipe()
try:
    fcntl.fcntl(w, 1031, 1024 * 1024)
    print("GOT IN")
except OSError:
    print("refused")
