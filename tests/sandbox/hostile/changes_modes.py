# Tries what Landlock does not judge: modes, owners, times, attributes.
# expect: ok
# prints: refused
import json, sys
os, secret = sys.modules["os"], json.loads(input())["secret"]
for attempt in (
    lambda: os.chmod(secret, 0o777),
    lambda: os.chown(secret, os.getuid(), os.getgid()),
    lambda: os.utime(secret, (0, 0)),
    lambda: os.setxattr(secret, "user.x", b"x"),
    lambda: os.chmod(".", 0o777),
):
    try:
        attempt()
        print("GOT IN")
    except OSError:
        pass
print("refused")
