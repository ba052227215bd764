# Tries to wait for a lock that it holds.
# expect: timeout
import threading
lock = threading.Lock()
lock.acquire()
lock.acquire()
