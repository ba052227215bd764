# Tries to run before everybody else.
# expect: ok
# prints: refused
import sys
os = sys.modules["os"]
for attempt in (
    lambda: os.setpriority(os.PRIO_PROCESS, 0, -20),
    lambda: os.setpriority(os.PRIO_USER, 0, 19),
    lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(50)),
    lambda: os.sched_setaffinity(0, {0}),
):
    try:
        attempt()
        print("GOT IN")
    except OSError:
        pass
print("refused")
