# Tries to leave something for the next run, wherever it may.
# expect: ok
import sys
os, real_open = sys.modules["os"], sys.modules["builtins"].open
for folder in (".", "/tmp", "/dev/shm", "/var/tmp", os.environ["HOME"], os.path.dirname(os.getcwd())):
    try:
        real_open(folder + "/json.py", "w").write("raise SystemExit('caught by the last run')")
    except OSError:
        pass
