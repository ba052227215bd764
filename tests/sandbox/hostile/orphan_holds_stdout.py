# Tries to leave somebody who holds the output open.
# expect: ok
# prints: refused
import sys
subprocess = sys.modules["builtins"].__import__("subprocess")
try:
    subprocess.Popen(["/bin/sleep", "1000"])
    print("GOT IN")
except OSError:
    print("refused")
