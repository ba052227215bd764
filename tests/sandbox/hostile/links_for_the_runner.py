# Tries to make the runner follow a link out of the folder.
# expect: ok
# prints: refused
import json, sys
os, secret = sys.modules["os"], json.loads(input())["secret"]
for path in ("stdout", "result", "out.txt"):
    try:
        os.symlink(secret, path)
        print("GOT IN")
    except OSError:
        pass
print("refused")
