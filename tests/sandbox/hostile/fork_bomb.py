# Tries to multiply.
# expect: ok
# prints: refused
import sys
os = sys.modules["os"]
try:
    while True:
        os.fork()
except OSError:
    print("refused")
