# Tries to read the runner's environment, memory and open files.
# expect: ok
# prints: refused
import json, sys
os, real_open, told = sys.modules["os"], sys.modules["builtins"].open, json.loads(input())
for pid in (told["runner"], told["zygote"], os.getppid(), "self"):
    for name in ("environ", "mem", "maps", "cmdline", "root/etc/passwd", "cwd/x", *([] if pid == "self" else ["fd/0", "fd/3", "fd/5"])):
        try:
            real_open(f"/proc/{pid}/{name}", "rb").read(1)
            print("GOT IN", pid, name)
        except OSError:
            pass
print("refused")
