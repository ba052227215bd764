# Tries to change what turns values into data.
# expect: ok
# call: answer()
# value: int 41
import json
import sys

json.dumps = json.JSONEncoder.encode = lambda *_, **__: '{"outcome": "ok", "value": {"kind": "int", "value": 42}}'
builtins = sys.modules["builtins"]

def answer():
    builtins.repr = builtins.str = builtins.len = builtins.type = lambda *_: 42
    return 41
