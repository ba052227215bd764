"""Reading: an error as Python tells of it, from a message or traceback in whatever mess it was pasted.

`read_error` reads what a learner has; `predict_syntax_error` asks this Python what it would say of a program.
"""

from functions.debug.reading.prediction import predict_syntax_error
from functions.debug.reading.read import read_error

__all__ = ["predict_syntax_error", "read_error"]
