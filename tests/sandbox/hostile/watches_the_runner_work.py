# Tries to follow, by profiler and trace, what is done with its answer.
# expect: ok
# call: answer()
# value: int 41
import sys

def spy(frame, event, argument):
    if event == "return" and frame.f_code.co_name == "encode":
        print("GOT IN, in vain", argument)

def answer():
    sys.setprofile(spy)
    sys.settrace(spy)
    return 41
