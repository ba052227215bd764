# Tries to find the expected value in frames, objects and modules. It is not there.
# expect: ok
# call: answer()
# value: none
import gc, sys

def answer():
    frame, found = sys._getframe(), []
    while frame:
        found += [name for name in frame.f_locals if "expected" in name.lower()]
        frame = frame.f_back
    found += [x for x in gc.get_objects() if type(x) is dict and any(type(k) is str and k == "expected" for k in list(x))]
    if found:
        print("GOT IN", found)
