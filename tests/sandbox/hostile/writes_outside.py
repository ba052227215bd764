# Tries to write where others read.
# expect: ok
# prints: refused
import json, sys
os, real_open = sys.modules["os"], sys.modules["builtins"].open
outside = json.loads(input())["outside"]
for path in (outside + "/made", "/etc/made", "/usr/lib/made", "/made", "/dev/shm/made", "/var/tmp/made", "../made", os.__file__):
    try:
        real_open(path, "a").write("x")
        print("GOT IN", path)
    except OSError:
        pass
print("refused")
