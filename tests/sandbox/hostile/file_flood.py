# Tries to use up inodes.
# expect: killed or error
import time
for number in range(100_000):
    open(str(number), "w").close()
    if number > 300:
        time.sleep(0.001)
