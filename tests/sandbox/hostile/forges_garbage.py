# Tries to break whoever reads the result.
# expect: error
# call: answer()
import sys
os = sys.modules["os"]
os.write(3, b'{"outcome": "ok", "value": ' + b"[" * 20_000)
os._exit(0)
