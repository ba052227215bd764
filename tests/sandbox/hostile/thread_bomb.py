# Tries as many threads as there can be.
# expect: error or out_of_memory or timeout
import threading, time
while True:
    threading.Thread(target=time.sleep, args=(100,), daemon=True).start()
