# Tries to run off the end of the stack.
# expect: out_of_memory or killed or error
import sys
sys.setrecursionlimit(10**9)

class Deep:
    def __repr__(self):
        return repr(self)

repr(Deep())
