from library import __version__


def test_version() -> None:
    assert __version__
