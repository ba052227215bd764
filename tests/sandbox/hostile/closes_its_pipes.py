# Tries to leave whoever reads waiting.
# expect: timeout
import sys, time
os = sys.modules["os"]
for fd in (0, 1, 2, 3):
    os.close(fd)
time.sleep(10**6)
