"""`python -m functions.realtime` serves the live channel on $PORT."""

from functions.realtime.main import main

main()
