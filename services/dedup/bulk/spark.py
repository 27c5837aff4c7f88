"""The door to Spark: the same functions over a table that one machine is not enough for.

Spark distributes what `bulk` does on one machine: rows are read in `mapInPandas`, joined by their
keys, compared in `mapInPandas` and, where several hang together, in `applyInPandas`. Only the
pairs by which rows hang together come to the driver: their connected parts are found there.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
import pandas as pd
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as f

from services.dedup.bulk.parts import hanging
from services.dedup.bulk.people import DOUBT, MOST_TOGETHER, Found, Manner, Row, joins, together
from services.dedup.bulk.rows import ready
from services.dedup.bulk.weighing import Side, Weighing
from services.dedup.record import unpack
from shared.lead_fields import FIELDS

READY = "place long, at double, packed binary, keys array<long>"

PAIRS = "own long, known long, probability double"

FOUND = "own long, known long, probability double, place long, first long"
"""Pairs, and beside them the places of clusters' rows and of the first row of each."""


@dataclass(frozen=True, slots=True)
class Linked:
    """What was found of a table."""

    pairs: DataFrame
    """`own`, `known` (places in the order of the rows, the later first), `probability`."""
    members: DataFrame
    """`place` and `first`: the rows of who has several, and the first row of each."""


def linked(rows: DataFrame, country: str, manner: Manner) -> Linked:
    """Return who is who among *rows*.

    Their columns go by the names of `shared.lead_fields.FIELDS`; `place` (long) is their position
    in the order in which they came, from 0 without gaps, and `at` (double) may say when, in
    seconds since 1970. *country* reads national numbers of rows that name none.
    """
    made = rows.mapInPandas(_reader(country), READY).cache()
    pairs = _pairs(made, manner.candidates).cache()
    compared = _beside(pairs, made).mapInPandas(_comparer(manner), f"{PAIRS}, by_value boolean")
    compared = compared.cache()
    labels = _labels(rows.sparkSession, made.count(), compared, manner)
    settled = _settled(pairs, labels, made, manner).cache()
    again = settled.where("own IS NOT NULL").select("own", "known", "probability")
    whole = compared.drop("by_value").join(again.select("own", "known"), ["own", "known"], "anti")
    two = _two(whole, labels, manner)
    members = settled.where("place IS NOT NULL").select("place", "first").union(two)
    return Linked(again.union(whole), members)


def _reader(country: str) -> Any:
    def read(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        for frame in frames:
            said = frame.to_dict("records")
            made = [
                (int(each["place"]), *ready(_fields(each), _at(each), country)) for each in said
            ]
            found = pd.DataFrame(made, columns=["place", "at", "packed", "keys"])
            found["keys"] = [np.array(each, np.uint64).view(np.int64) for each in found["keys"]]
            yield found

    return read


def _fields(said: dict[str, Any]) -> dict[str, str]:
    # An empty cell comes as None or as NaN, whichever pandas holds it as.
    return {name: text for name in FIELDS if isinstance(text := said.get(name), str) and text}


def _at(said: dict[str, Any]) -> datetime | None:
    at = said.get("at")
    return None if at is None or np.isnan(at) else datetime.fromtimestamp(at, UTC)


def _pairs(made: DataFrame, candidates: int) -> DataFrame:
    """Return the pairs that share a key, as `bulk.Blocks.join` does."""
    keys = made.select("place", f.explode("keys").alias("key"))
    turn = f.row_number().over(Window.partitionBy("key").orderBy("place"))
    blocks = keys.withColumn("turn", turn)
    bucket = f.floor(f.col("turn") / candidates)
    own = blocks.select("key", f.col("place").alias("own"), "turn", bucket.alias("bucket"))
    known = blocks.select(
        "key",
        f.col("place").alias("known"),
        f.col("turn").alias("before"),
        f.explode(f.array(bucket, bucket + 1)).alias("bucket"),
    )
    apart = f.col("turn") - f.col("before")
    sharing = own.join(known, ["key", "bucket"]).where(apart.between(1, candidates))
    by_value = f.bool_or(f.col("key").bitwiseAND(1) == 1)
    return sharing.groupBy("own", "known").agg(by_value.alias("by_value"))


def _beside(pairs: DataFrame, made: DataFrame) -> DataFrame:
    """Return *pairs* with the records of both rows."""
    records = made.select("place", "at", "packed")
    found = pairs
    for side in ("own", "known"):
        named = records.toDF(side, f"{side}_at", f"{side}_packed")
        found = found.join(named, side)
    return found


def _comparer(manner: Manner) -> Any:
    def compared(frames: Iterable[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        weighing = Weighing(manner)
        for frame in frames:
            sides = (map(Side.of, _rows(frame, each)) for each in ("own", "known"))
            told = [weighing.told(*pair).match.probability for pair in zip(*sides, strict=True)]
            yield frame[["own", "known"]].assign(probability=told, by_value=frame["by_value"])

    return compared


def _rows(frame: pd.DataFrame, side: str) -> Iterator[Row]:
    columns = frame[side], frame[f"{side}_at"], frame[f"{side}_packed"]
    for place, at, packed in zip(*columns, strict=True):
        yield Row(int(place), at, unpack(bytes(packed)))


def _labels(session: SparkSession, size: int, compared: DataFrame, manner: Manner) -> DataFrame:
    """Return the `part` of each `place` that hangs together with two others or more."""
    surely = f.when(f.col("by_value"), 1.0).otherwise(f.col("probability")).alias("probability")
    edges = compared.select("own", "known", surely).where(f.col("probability") >= DOUBT).toPandas()
    own, known = (edges[side].to_numpy(np.int32) for side in ("own", "known"))
    labels = hanging(size, own, known, edges["probability"].to_numpy(), MOST_TOGETHER, manner.link)
    places = np.flatnonzero(np.bincount(labels, minlength=size)[labels] > 2)
    frame = pd.DataFrame(
        {"place": places.astype(np.int64), "part": labels[places].astype(np.int64)}
    )
    return session.createDataFrame(frame, "place long, part long").cache()


def _settled(pairs: DataFrame, labels: DataFrame, made: DataFrame, manner: Manner) -> DataFrame:
    """Return pairs and clusters of rows that hang together; see FOUND."""
    own = labels.toDF("own", "part")
    known = labels.toDF("known", "part")
    whole = _beside(pairs.join(own, "own").join(known, ["known", "part"]), made)

    def settled(frame: pd.DataFrame) -> pd.DataFrame:
        rows = {row.place: row for side in ("own", "known") for row in _rows(frame, side)}
        places = sorted(zip(frame["own"].tolist(), frame["known"].tolist(), strict=True))
        return _frame(together([rows[each] for each in sorted(rows)], places, manner))

    return whole.groupBy("part").applyInPandas(settled, FOUND)


def _frame(found: Found) -> pd.DataFrame:
    pairs = [(*pair, match.probability, None, None) for pair, match in found.compared.items()]
    members = [(None, None, None, each, one[0]) for one in found.clusters for each in one]
    frame = pd.DataFrame(pairs + members, columns=["own", "known", "probability", "place", "first"])
    whole = dict.fromkeys(("own", "known", "place", "first"), "Int64")
    return frame.astype({**whole, "probability": "float64"})


def _two(compared: DataFrame, labels: DataFrame, manner: Manner) -> DataFrame:
    """Return the members of clusters of two rows that hang together with nobody else."""
    linking = f.udf(lambda probability: joins(probability, manner.threshold), "boolean")
    links = compared.where(linking("probability"))
    for side in ("own", "known"):
        links = links.join(labels.select(f.col("place").alias(side)), side, "anti")
    place = f.explode(f.array("own", "known")).alias("place")
    return links.select(place, f.col("known").alias("first"))
