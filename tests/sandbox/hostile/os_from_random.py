# Tries to get round the courtesy policy by a module's own imports.
# expect: ok
# prints: refused
import random
try:
    random._os.fork()
    print("GOT IN")
except OSError:
    print("refused")
