# Tries files that block or harm whoever opens them.
# expect: ok
# prints: refused
import sys
os, real_open = sys.modules["os"], sys.modules["builtins"].open
for attempt in (
    lambda: os.mkfifo("result"),
    lambda: os.mknod("disk", 0o60600, os.makedev(8, 0)),
    lambda: os.mknod("null", 0o20600, os.makedev(1, 3)),
    lambda: real_open("/dev/mem", "rb"),
    lambda: real_open("/dev/kmsg", "w"),
    lambda: real_open("/dev/tty", "w"),
):
    try:
        attempt()
        print("GOT IN")
    except OSError:
        pass
print("refused")
