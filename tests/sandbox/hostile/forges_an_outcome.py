# Tries an outcome that contradicts its exit status.
# expect: error
import sys
os = sys.modules["os"]
os.write(3, b'{"outcome": "ok"}')
os._exit(1)
