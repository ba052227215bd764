# Tries what a forgotten descriptor may lead to.
# expect: ok
# prints: refused
import sys
os = sys.modules["os"]
found = []
for fd in range(4, 1024):
    try:
        os.fstat(fd)
        found.append(fd)
    except OSError:
        pass
print("GOT IN" if found else "refused", *found)
