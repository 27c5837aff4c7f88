"""The flow of `leadfly dedupe`: rows are read, joined by their keys, compared, and put together."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from services.dedup.bulk.blocks import Blocks
from services.dedup.bulk.crew import Crew
from services.dedup.bulk.database import Columns, Limits, NoRoom
from services.dedup.bulk.people import Manner
from services.dedup.bulk.records import ORDER, Writer
from services.dedup.bulk.work import Pairs, Read, Rows, Weighed, read, settle, weigh
from services.dedup.importing import Plan

Tell = Callable[[str, float, int], None]
"""Told what is done, which share of it (0 to 1), and how many rows or pairs that is."""


@dataclass(slots=True)
class Counted:
    """What a table came to."""

    rows: int = 0
    pairs: int = 0
    settled: int = 0
    """Pairs among rows that hang together, which were compared a second time."""
    clusters: int = 0
    refused: list[tuple[int, str, Sequence[str]]] = field(default_factory=list)
    """Number, reason and cells of each row that was not taken."""


@dataclass(frozen=True, slots=True)
class Linking:
    """One table on its way."""

    plan: Plan
    manner: Manner
    folder: Path
    """For this table alone; whoever made it removes it."""
    crew: Crew
    tell: Tell

    def run(self, rows: Iterable[tuple[float, Rows]], limits: Limits) -> tuple[Blocks, Counted]:
        """Return what was found among *rows*, each lot with the share of the table up to it.

        Raises NoRoom, WorkerDied.
        """
        counted, blocks = Counted(), Blocks(self.folder, limits)
        try:
            self._read(rows, blocks, counted)
            self._compare(blocks, counted)
        except OSError as error:
            raise NoRoom(f"{NoRoom.__doc__} {error.strerror}.") from None
        return blocks, counted

    def _read(self, rows: Iterable[tuple[float, Rows]], blocks: Blocks, counted: Counted) -> None:
        writer = Writer(self.folder)
        numbers, shares = [np.empty(0, np.int64)], list[float]()
        for done in self.crew.each(read, _noted(rows, shares)):
            numbers.append(np.array(done.numbers, np.int64))
            _keep(done, writer, blocks)
            counted.rows += len(done.numbers)
            counted.refused += done.refused
            self.tell("reading", shares.pop(0), counted.rows)
        writer.close()
        blocks.add_places(np.load(self.folder / ORDER), np.concatenate(numbers))

    def _compare(self, blocks: Blocks, counted: Counted) -> None:
        self.tell("joining", 0.0, counted.rows)
        counted.pairs = blocks.join(self.manner.candidates)
        for done in self._each(weigh, blocks.pairs(), "comparing", counted.pairs):
            blocks.keep(done)
        counted.settled = blocks.hang_together(counted.rows, self.manner.link)
        for done in self._each(settle, blocks.unsettled(), "clustering", counted.settled):
            blocks.keep(done, settled=True)
        threshold = self.manner.threshold
        blocks.conclude(threshold, min(0.5, threshold))
        counted.clusters = blocks.clusters()

    def _each(
        self, work: Callable[[Pairs], Weighed], slices: Iterator[Columns], what: str, count: int
    ) -> Iterator[Weighed]:
        task = partial(Pairs, self.folder, self.manner)
        seen = 0
        for done in self.crew.each(work, (task(*_columns(each)) for each in slices)):
            seen += len(done.own)
            self.tell(what, seen / count, seen)
            yield done


def _noted(rows: Iterable[tuple[float, Rows]], shares: list[float]) -> Iterator[Rows]:
    for share, some in rows:
        shares.append(share)
        yield some


def _keep(done: Read, writer: Writer, blocks: Blocks) -> None:
    first = writer.add(done.packed, done.sizes, done.times)
    rows = np.arange(first, first + len(done.counts), dtype=np.int32)
    keys = np.array(done.keys, np.uint64)
    blocks.add_keys(np.repeat(rows, np.array(done.counts)), keys)


def _columns(slice: Columns) -> tuple[np.ndarray, ...]:
    return slice["own"], slice["known"], *([slice["part"]] if "part" in slice else [])
