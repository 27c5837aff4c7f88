"""A table's blocking keys joined to pairs, and what was found of them.

Which rows share a key is asked of DuckDB as the live check asks PostgreSQL: of each key the newest
rows before one's own, and no more.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from services.dedup.bulk.database import READ, SLICE, Columns, Database, Limits
from services.dedup.bulk.lines import Link
from services.dedup.bulk.parts import hanging
from services.dedup.bulk.people import DOUBT, MOST_TOGETHER
from services.dedup.bulk.work import Weighed


class Blocks:
    """One table's keys and pairs, in a database of its own below a folder."""

    def __init__(self, folder: Path, limits: Limits):
        """Make the database; nothing of it is left when *folder* is gone."""
        self._database = Database(folder, limits)
        self._run = self._database.run
        self._run("CREATE TABLE keys (row_number INTEGER, key UBIGINT)")
        self._run("CREATE TABLE places (row_number INTEGER, place INTEGER, number BIGINT)")
        self._run(
            """
            CREATE TABLE compared (own INTEGER, known INTEGER, probability DOUBLE,
                                   relation TINYINT, evidence TEXT)
            """
        )
        self._run("CREATE TABLE settled AS FROM compared")
        self._run("CREATE TABLE members (place INTEGER, first INTEGER)")

    def add_keys(self, rows: NDArray[np.int32], keys: NDArray[np.uint64]) -> None:
        """Add the *keys* of *rows*, one each."""
        self._insert("keys", row_number=rows, key=keys)

    def add_places(self, order: NDArray[np.int32], numbers: NDArray[np.int64]) -> None:
        """Say in which *order* the rows came, and under which *numbers* the table has them."""
        places = np.arange(len(order), dtype=np.int32)
        self._insert("places", row_number=order, place=places, number=numbers[order])

    def join(self, candidates: int) -> int:
        """Find the pairs that share a key, each once; return how many there are.

        Of each key a row meets the *candidates* newest before it. Buckets of as many rows keep
        the join from meeting all rows of a key that thousands share.
        """
        self._run(
            """
            CREATE TABLE blocks AS
            SELECT key, place,
                   (row_number() OVER (PARTITION BY key ORDER BY place))::INTEGER AS turn
            FROM keys JOIN places USING (row_number)
            WHERE key IN (SELECT key FROM keys GROUP BY key HAVING count(*) > 1)
            """
        )
        self._run("DROP TABLE keys")
        self._run(
            """
            CREATE TABLE pairs AS
            SELECT own.place AS own, known.place AS known, bool_or(own.key & 1 = 1) AS by_value,
                   min(own.key) AS block
            FROM blocks AS own
            JOIN (
                SELECT key, place, turn, turn // $most + unnest([0, 1]) AS bucket FROM blocks
            ) AS known ON own.key = known.key AND own.turn // $most = known.bucket
            WHERE known.turn BETWEEN own.turn - $most AND own.turn - 1
            GROUP BY ALL
            ORDER BY block, own, known
            """,
            most=candidates,
        )
        self._run("DROP TABLE blocks")
        ((count,),) = self._run("SELECT count(*) FROM pairs").fetchall()
        return int(count)

    def pairs(self) -> Iterator[Columns]:
        """Yield all pairs in slices: `own`, `known`. By the sound of their names, as a rule."""
        yield from self._database.slices(_SLICES["pairs"])

    def keep(self, weighed: Weighed, settled: bool = False) -> None:
        """Keep what comparing pairs gave; *settled* if among all that hang together."""
        told = ("own", "known", "probability", "relation")
        columns: Columns = {name: getattr(weighed, name) for name in told}
        if weighed.evidence:
            columns["evidence"] = np.array(weighed.evidence, object)
        self._insert("settled" if settled else "compared", **columns)
        sizes = [len(each) for each in weighed.clusters]
        if sizes:
            first = np.array([each[0] for each in weighed.clusters], np.int32)
            places = np.concatenate([np.array(each, np.int32) for each in weighed.clusters])
            self._insert("members", place=places, first=np.repeat(first, sizes))

    def hang_together(self, size: int, link: float) -> int:
        """Find which of *size* rows hang together; return how many pairs are to be settled.

        From match probability *link* on they always do.
        """
        edges = self._run(
            """
            SELECT own, known, CASE WHEN by_value THEN 1.0 ELSE probability END AS probability
            FROM compared JOIN pairs USING (own, known)
            WHERE by_value OR probability >= $doubt
            """,
            doubt=DOUBT,
        ).fetchnumpy()
        own, known, probability = map(np.asarray, edges.values())
        labels = hanging(size, own, known, probability, MOST_TOGETHER, link)
        counted = np.bincount(labels, minlength=size)
        # A part is the first place of its rows; -1 where two hang together, or nobody.
        labels = np.where(counted[labels] > 2, labels, np.int32(-1))
        places = np.flatnonzero(labels >= 0).astype(np.int32)
        self._run("CREATE TABLE parts (place INTEGER)")
        self._insert("parts", place=places)
        self._run("CREATE TABLE within (part INTEGER, own INTEGER, known INTEGER)")
        for some in self._database.slices(_SLICES["pairs"], READ):
            own, known = some["own"], some["known"]
            whole = (labels[own] == labels[known]) & (labels[own] >= 0)
            self._insert("within", part=labels[own][whole], own=own[whole], known=known[whole])
        self._run("CREATE TABLE unsettled AS FROM within ORDER BY ALL")
        self._run("DROP TABLE within")
        ((count,),) = self._run("SELECT count(*) FROM unsettled").fetchall()
        return int(count)

    def unsettled(self) -> Iterator[Columns]:
        """Yield the pairs of rows that hang together: `part`, `own`, `known`, parts whole."""
        rest: Columns | None = None
        for some in self._database.slices(_SLICES["unsettled"]):
            whole = some if rest is None else {k: np.concatenate([rest[k], some[k]]) for k in some}
            # Parts end where the last one begins: it may go on in the next slice.
            end = int(np.searchsorted(whole["part"], whole["part"][-1]))
            if end:
                yield {name: column[:end] for name, column in whole.items()}
            rest = {name: column[end:] for name, column in whole.items()}
        if rest is not None:
            yield rest

    def conclude(self, threshold: float, least: float) -> None:
        """Put together what was found: each pair once, each row's cluster and likeliest other.

        Two rows that hang together with nobody else are one person from *threshold* on, if the
        probability is above *least*, as it is with clusters.
        """
        self._run(
            """
            CREATE TABLE found AS
            SELECT * FROM settled
            UNION ALL
            SELECT compared.* FROM compared ANTI JOIN settled USING (own, known)
            """
        )
        self._run(
            """
            INSERT INTO members
            SELECT unnest([own, known]), known
            FROM compared
            ANTI JOIN parts AS part ON part.place = own
            ANTI JOIN parts AS other ON other.place = known
            WHERE probability >= $threshold AND probability > $least
            """,
            threshold=threshold,
            least=least,
        )
        self._tell()

    def _tell(self) -> None:
        """Put together what is told of each row."""
        self._run(
            """
            CREATE TABLE likeliest AS
            SELECT own AS place, max(probability) AS probability,
                   arg_max(relation, (probability, -known)) AS relation
            FROM found
            LEFT JOIN members AS one ON one.place = own
            LEFT JOIN members AS other ON other.place = known
            WHERE one.first IS NULL OR one.first = own OR one.first = other.first
            GROUP BY own
            """
        )
        self._run(
            """
            CREATE TABLE told AS
            SELECT places.number, coalesce(origin.number, places.number) AS cluster,
                   likeliest.probability, likeliest.relation
            FROM places
            LEFT JOIN members ON members.place = places.place
            LEFT JOIN places AS origin ON origin.place = members.first
            LEFT JOIN likeliest ON likeliest.place = places.place
            ORDER BY places.number
            """
        )

    def told(self, first: int, last: int) -> list[tuple[int, int, float | None, int | None]]:
        """Return number, cluster, probability and relation of rows *first* to *last*, by number."""
        return self._run(
            "SELECT * FROM told WHERE number BETWEEN $first AND $last ORDER BY number",
            first=first,
            last=last,
        ).fetchall()

    def links(self, threshold: float) -> Iterator[list[Link]]:
        """Yield the pairs from *threshold* on, some at a time, in order."""
        rows = self._run(
            """
            SELECT one.number, other.number, probability, relation, evidence,
                   coalesce(mine.first = theirs.first, false)
            FROM found
            JOIN places AS one ON one.place = own
            JOIN places AS other ON other.place = known
            LEFT JOIN members AS mine ON mine.place = own
            LEFT JOIN members AS theirs ON theirs.place = known
            WHERE probability >= $threshold
            ORDER BY 1, 2
            """,
            threshold=threshold,
        )
        while some := rows.fetchmany(SLICE):
            yield list(map(Link._make, some))

    def clusters(self) -> int:
        """Return how many people have two rows or more."""
        ((count,),) = self._run("SELECT count(DISTINCT first) FROM members").fetchall()
        return int(count)

    def close(self) -> None:
        """Let go of the database."""
        self._database.close()

    def _insert(self, table: str, **columns: NDArray[Any]) -> None:
        self._database.insert(_INSERTS[table], columns)


_INSERTS = {
    "keys": "INSERT INTO keys FROM added",
    "places": "INSERT INTO places FROM added",
    "compared": "INSERT INTO compared BY NAME FROM added",
    "settled": "INSERT INTO settled BY NAME FROM added",
    "members": "INSERT INTO members FROM added",
    "parts": "INSERT INTO parts FROM added",
    "within": "INSERT INTO within FROM added",
}
"""By table, what takes in the columns that are registered as `added`."""

_SLICES = {
    "pairs": "SELECT own, known FROM pairs WHERE rowid BETWEEN $first AND $last ORDER BY rowid",
    "unsettled": """
        SELECT part, own, known FROM unsettled WHERE rowid BETWEEN $first AND $last ORDER BY rowid
        """,
}
"""By table, what reads some of its rows in their order."""
