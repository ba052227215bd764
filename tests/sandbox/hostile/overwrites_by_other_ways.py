# Tries to change a file of others without opening it for writing.
# expect: ok
# prints: refused
import json, sys
os = sys.modules["os"]
told = json.loads(input())
secret, outside = told["secret"], told["outside"]
for attempt in (
    lambda: os.truncate(secret, 0),
    lambda: os.unlink(secret),
    lambda: os.rename(secret, "mine"),
    lambda: os.link(secret, "mine"),
    lambda: os.mkdir(outside + "/folder"),
    lambda: os.rmdir(outside),
    lambda: (open("mine", "w").close(), os.rename("mine", outside + "/mine")),
):
    try:
        attempt()
        print("GOT IN")
    except OSError:
        pass
print("refused")
