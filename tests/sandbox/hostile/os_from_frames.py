# Tries to get round the courtesy policy by the frames that called it.
# expect: ok
# prints: refused
import sys
frame = sys._getframe()
while frame.f_back:
    frame = frame.f_back
try:
    frame.f_builtins["__import__"]("os").fork()
    print("GOT IN")
except OSError:
    print("refused")
