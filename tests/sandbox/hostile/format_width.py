# Tries to take memory in one formatting.
# expect: out_of_memory
"%1000000000d" % 1
