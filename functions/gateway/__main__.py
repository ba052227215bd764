"""`python -m functions.gateway` serves the API on $PORT."""

from functions.gateway.main import main

main()
