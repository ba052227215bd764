# Tries the comfortable way to many processes.
# expect: ok
# prints: refused
import sys
multiprocessing = sys.modules["builtins"].__import__("multiprocessing")
try:
    multiprocessing.Process(target=print, args=("GOT IN",)).start()
except OSError:
    print("refused")
