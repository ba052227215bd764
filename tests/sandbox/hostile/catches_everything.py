# Tries to outlive whatever is raised in it.
# expect: timeout
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
