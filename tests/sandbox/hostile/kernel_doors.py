# Tries parts of the kernel that break most often, and those that load code into it.
# expect: ok
# prints: refused
import sys
ctypes = sys.modules["builtins"].__import__("ctypes")
libc, page = ctypes.CDLL(None), ctypes.create_string_buffer(4096)
doors = {
    "keyctl": (250, 0, -3, 1), "add_key": (248, b"user", b"x", page, 1, -3), "bpf": (321, 0, page, 72),
    "userfaultfd": (323, 0), "perf_event_open": (298, page, 0, -1, -1, 0), "init_module": (175, page, 1, b""),
    "kexec_load": (246, 0, 0, 0, 0), "reboot": (169, 0, 0, 0, 0), "swapon": (167, b"x", 0), "syslog": (103, 3, page, 10),
    "personality": (135, 0x0040000), "iopl": (172, 3), "modify_ldt": (154, 0, page, 10), "acct": (163, b"x"),
    "quotactl": (179, 0, 0, 0, 0), "sethostname": (170, b"x", 1), "settimeofday": (164, page, 0), "mlockall": (151, 1),
    "open_by_handle_at": (304, -100, page, 0), "name_to_handle_at": (303, -100, b".", page, page, 0),
    "fanotify_init": (300, 0, 0), "inotify_init1": (294, 0), "pkey_alloc": (330, 0, 0), "memfd_secret": (447, 0),
    "landlock_create_ruleset": (444, 0, 0, 1), "seccomp": (317, 1, 0, page), "sync": (162,), "timerfd_create": (283, 1, 0),
}
for name, call in doors.items():
    if libc.syscall(*call) >= 0:
        print("GOT IN", name)
print("refused")
