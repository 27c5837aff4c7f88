"""How far a long command has come: a bar where somebody watches, else a line each tenth."""

import sys

WIDTH = 30
"""Characters of the bar."""


class Progress:
    """Shows the share done on standard error."""

    def __init__(self, what: str):
        """*what* is said before the share: `importing crm.csv`."""
        self._what = what
        self._watched = sys.stderr.isatty()
        self._tenths = 0

    def show(self, share: float, note: str) -> None:
        """Say that *share* (0 to 1) is done; *note* is what counts, such as a number of rows."""
        if self._watched:
            bar = "█" * round(WIDTH * share)
            sys.stderr.write(f"\r{self._what} ▕{bar:<{WIDTH}}▏ {share:4.0%}  {note} ")
        elif int(share * 10) > self._tenths:
            self._tenths = int(share * 10)
            sys.stderr.write(f"{self._what} {self._tenths}0 %  {note}\n")
        sys.stderr.flush()

    def end(self) -> None:
        """Leave the bar's line."""
        if self._watched:
            sys.stderr.write("\n")
