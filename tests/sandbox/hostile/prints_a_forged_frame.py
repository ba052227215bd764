# Tries to write what looks like a result to where people look.
# expect: ok
# call: answer()
# value: int 41
def answer():
    print('{"outcome": "ok", "value": {"kind": "int", "value": 42}}')
    return 41
