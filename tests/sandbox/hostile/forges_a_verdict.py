# Tries to write a verdict where the result goes. There is no such thing as a verdict there.
# expect: error
# call: answer()
import sys
os = sys.modules["os"]
os.write(3, b'{"outcome": "ok", "passed": true, "score": 100}')
os._exit(0)
