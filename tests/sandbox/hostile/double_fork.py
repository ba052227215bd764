# Tries to leave a grandchild in a session of its own, which no kill of a group reaches.
# expect: ok
# prints: refused
import sys
os = sys.modules["os"]
try:
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            while True:
                pass
    print("GOT IN")
except OSError:
    print("refused")
