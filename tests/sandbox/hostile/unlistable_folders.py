# Tries folders that not even their owner may look into.
# expect: ok
import sys
os = sys.modules["os"]
os.umask(0)
os.mkdir("a", 0o300)
os.mkdir("a/b", 0o300)
open("a/b/file", "w").close()
os.mkdir("a/c", 0)
os.mkdir("d", 0)
