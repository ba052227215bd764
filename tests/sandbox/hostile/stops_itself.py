# Tries to hang by stopping instead of sleeping. (The first process of a process tree cannot be stopped by itself.)
# expect: timeout or ok
import sys
os = sys.modules["os"]
os.kill(os.getpid(), 19)
