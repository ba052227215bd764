# Tries to type into the terminal that the runner was started from.
# expect: ok
# prints: refused
import sys
fcntl = sys.modules["builtins"].__import__("fcntl")
for fd in (0, 1, 2):
    try:
        fcntl.ioctl(fd, 0x5412, b"x")
        print("GOT IN")
    except OSError:
        pass
print("refused")
