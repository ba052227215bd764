# Tries to take no time, only a place.
# expect: timeout
import time
time.sleep(10**6)
