# Tries to say something before the true result.
# expect: error
# call: answer()
import atexit, sys
atexit.register(sys.modules["os"].write, 3, b'{"outcome": "ok", "value": {"kind": "int", "value": 42}}')

def answer():
    return 41
