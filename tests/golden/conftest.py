"""The option that writes golden folders."""


def pytest_addoption(parser):
    parser.addoption("--update-golden", action="store_true", help="write what functions answer as what they should")
