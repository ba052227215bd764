# Tries memory of the kernel's: all the pipes it may open, each filled.
# expect: ok
# prints: refused
import sys
os = sys.modules["os"]
size = 0
try:
    while True:
        r, w = os.pipe()
        os.set_blocking(w, False)
        try:
            while True:
                size += os.write(w, b"x" * 65536)
        except BlockingIOError:
            pass
except OSError:
    print("refused" if size < 8 * 1024 * 1024 else "GOT IN")
