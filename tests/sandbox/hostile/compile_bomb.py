# Tries to break the parser from inside.
# expect: error or out_of_memory or killed
import sys
sys.modules["builtins"].compile("(" * 10**6 + ")" * 10**6, "x", "eval")
