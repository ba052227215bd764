# Tries to give itself, or the runner, other limits.
# expect: ok
# prints: refused
import json, sys
resource = sys.modules["builtins"].__import__("resource")
runner = json.loads(input())["runner"]
for attempt in (
    lambda: resource.setrlimit(resource.RLIMIT_AS, (-1, -1)),
    lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (10, 10)),
    lambda: resource.prlimit(runner, resource.RLIMIT_NOFILE, (10, 10)),
    lambda: resource.prlimit(runner, resource.RLIMIT_NOFILE),
):
    try:
        attempt()
        print("GOT IN")
    except (OSError, ValueError):
        pass
print("refused")
