# Tries to go on in what runs at exit.
# expect: timeout
import atexit

@atexit.register
def again():
    while True:
        pass
