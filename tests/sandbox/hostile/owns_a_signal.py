# Tries to have the kernel signal the runner for it.
# expect: ok
# prints: refused
import json, sys
real_import = sys.modules["builtins"].__import__
os, fcntl = sys.modules["os"], real_import("fcntl")
r, w = os.pipe()
for command, value in ((fcntl.F_SETOWN, json.loads(input())["runner"]), (10, 9), (fcntl.F_NOTIFY, 1)):
    try:
        fcntl.fcntl(r, command, value)
        print("GOT IN", command)
    except OSError:
        pass
print("refused")
