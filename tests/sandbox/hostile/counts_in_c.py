# Tries to stay in C code, which looks at no flag.
# expect: timeout
sum(range(10**12))
