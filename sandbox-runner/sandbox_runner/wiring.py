"""sandbox-runner, wired: made once, before gunicorn forks; started and stopped by app.py in the process that serves."""

from sandbox_runner.backends import make_backend
from sandbox_runner.limits import load_limits
from sandbox_runner.running import Sandbox
from sandbox_runner.serving import Runner
from sandbox_runner.settings import read_settings

settings, limits = read_settings(), load_limits()
sandbox = Sandbox(
    lambda: make_backend(settings.backend, limits, landlock=settings.landlock, image=settings.image), limits
)
runner = Runner(sandbox)
