# Tries to take more processor time than wall time.
# expect: timeout
import hashlib
import threading

def burn():
    while True:
        hashlib.sha512(b"x" * 10**6).digest()

for _ in range(8):
    threading.Thread(target=burn, daemon=True).start()
burn()
