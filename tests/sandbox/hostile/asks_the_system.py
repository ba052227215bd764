# Tries os.system, which says only by its answer that it failed.
# expect: ok
# prints: refused
import json, sys
os = sys.modules["os"]
outside = json.loads(input())["outside"]
os.system(f"touch {outside}/made-by-system; echo GOT IN")
print("refused")
