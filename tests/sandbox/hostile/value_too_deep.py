# Tries to send back a value that has no end.
# expect: ok
# call: answer()
# value: other
def answer():
    x = []
    x.append(x)
    return x
