# Tries to get round the courtesy policy by the import machinery.
# expect: ok
# prints: refused
posix = __builtins__["__loader__"].load_module("posix")
try:
    posix.fork()
    print("GOT IN")
except OSError:
    print("refused")
