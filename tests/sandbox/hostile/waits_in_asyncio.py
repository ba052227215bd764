# Tries to sit in an event loop for ever.
# expect: timeout
import asyncio
asyncio.run(asyncio.sleep(10**6))
