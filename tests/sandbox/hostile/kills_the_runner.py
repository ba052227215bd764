# Tries to end its parent and the runner.
# expect: ok
# prints: refused
import json, sys
os = sys.modules["os"]
told = json.loads(input())
for pid in (os.getppid(), told["zygote"], told["runner"]):
    for number in (9, 19, 15):
        try:
            os.kill(pid, number)
            print("GOT IN")
        except OSError:
            pass
print("refused")
