# Tries to go on in a thread after the program's end.
# expect: timeout
import threading

def spin():
    while True:
        pass

threading.Thread(target=spin).start()
print("the main thread is done")
