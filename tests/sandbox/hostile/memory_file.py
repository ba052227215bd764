# Tries memory that belongs to no process.
# expect: ok
# prints: refused
import sys
os = sys.modules["os"]
try:
    os.memfd_create("x")
    print("GOT IN")
except OSError:
    print("refused")
