# Tries to nest folders deeper than whoever tidies up can go.
# expect: killed or error
import sys, time
os = sys.modules["os"]
for _ in range(100_000):
    os.mkdir("d" * 60)
    os.chdir("d" * 60)
    time.sleep(0.0005)
