# Tries to end without a word.
# expect: killed
import sys
sys.modules["os"].abort()
