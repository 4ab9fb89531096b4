"""One test over many files: thousands of tests of a millisecond each would cost more to collect than to run."""

from collections.abc import Callable, Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def every(paths: Iterable[Path]) -> Callable[[Callable[[Path], None]], Callable[[], None]]:
    """Turn a check of one file into a test of all of them, which names each file that does not hold."""

    def turn(check: Callable[[Path], None]) -> Callable[[], None]:
        def test() -> None:
            faults = []
            for path in paths:
                try:
                    check(path)
                except AssertionError as fault:
                    faults.append(f"{path.relative_to(ROOT)}: {fault}")
            assert not faults, "\n".join(faults)

        test.__doc__ = check.__doc__
        return test

    return turn
