# Tries memory by way of thread stacks.
# expect: error or out_of_memory
import threading
threading.stack_size(64 * 1024 * 1024)
threading.Thread(target=print).start()
print("GOT IN")
