# Tries to get round the courtesy policy; it is not what holds.
# expect: ok
# prints: refused
import sys
try:
    sys.modules["os"].fork()
    print("GOT IN")
except OSError:
    print("refused")
