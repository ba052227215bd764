# Tries to see what there is outside.
# expect: ok
# prints: refused
import json, sys
os = sys.modules["os"]
for path in ("/", "/etc", "/proc", "/root", json.loads(input())["outside"], ".."):
    try:
        os.listdir(path)
        print("GOT IN", path)
    except OSError:
        pass
print("refused")
