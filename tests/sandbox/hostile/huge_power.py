# Tries one operation that takes for ever.
# expect: timeout or out_of_memory
x = 10 ** 10 ** 8
