# Tries the system calls for signals that are not kill.
# expect: ok
# prints: refused
import json, sys
ctypes = sys.modules["builtins"].__import__("ctypes")
libc, runner = ctypes.CDLL(None), json.loads(input())["runner"]
info = ctypes.create_string_buffer(128)
for call in ((200, runner, 9), (234, runner, runner, 9), (129, runner, 9, info), (297, runner, runner, 9, info), (434, runner, 0)):
    if libc.syscall(*call) >= 0:
        print("GOT IN", call[0])
print("refused")
