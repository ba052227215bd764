# Tries system calls of the 32-bit machine: int 0x80 with the number of getpid, then of fork.
# expect: killed
import sys
real_import = sys.modules["builtins"].__import__
ctypes, mmap = real_import("ctypes"), real_import("mmap")
code = bytes([0xB8, 2, 0, 0, 0, 0xCD, 0x80, 0xC3])
page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
page.write(code)
ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()
print("GOT IN")
