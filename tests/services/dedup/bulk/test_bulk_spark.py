"""The same table on a local Spark cluster: `make test-spark`, where Java and pyspark are."""

import os
import shutil
from pathlib import Path

import pytest

from bench.leads.generator import arrivals
from services.dedup.bulk import crew as crews
from tests.services.dedup.bulk.bulk_tables import cells, clusters, linked, manner, pairs

pyspark = pytest.importorskip("pyspark", reason="pyspark is missing: make test-spark installs it")
pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(shutil.which("java") is None, reason="Java 17 is missing"),
    pytest.mark.filterwarnings("default"),  # Spark's own are no faults of ours
]

SEED = 6102

PEOPLE = int(os.environ.get("SPARK_TEST_PEOPLE", "15300"))
"""They give 20,000 leads."""

ROOT = Path(__file__).resolve().parents[4]


@pytest.fixture(scope="module")
def session():
    from pyspark.sql import SparkSession

    made = (
        SparkSession.builder.master("local[2]")
        .appName("leadfly")
        .config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "4")
        .config("spark.sql.session.timeZone", "UTC")
        .config("spark.executorEnv.PYTHONPATH", str(ROOT))
        .getOrCreate()
    )
    yield made
    made.stop()


@pytest.fixture(scope="module")
def leads():
    return [(dict(each.lead), each.submitted_at) for each in arrivals(SEED, PEOPLE)]


@pytest.fixture(scope="module")
def here(leads, tmp_path_factory):
    """Pairs and clusters as one machine finds them."""
    with crews.crew(2) as crew:
        rows = [cells(*each) for each in leads]
        blocks, _ = linked(crew, tmp_path_factory.mktemp("run"), rows)
    return pairs(blocks), clusters(blocks)


@pytest.fixture(scope="module")
def there(leads, session):
    """The same as Spark finds them."""
    from services.dedup.bulk import spark
    from shared.lead_fields import FIELDS

    rows = [
        (place, at.timestamp(), *(fields.get(name) for name in FIELDS))
        for place, (fields, at) in enumerate(leads)
    ]
    schema = ", ".join(["place long", "at double", *(f"{name} string" for name in FIELDS)])
    found = spark.linked(session.createDataFrame(rows, schema), "US", manner())
    compared = {(own, known): p for own, known, p in found.pairs.collect()}
    return compared, dict(found.members.collect())


def test_spark_compares_the_same_pairs(here, there):
    assert there[0].keys() == here[0].keys()


def test_spark_finds_the_same_probabilities(here, there):
    assert max(abs(p - here[0][pair]) for pair, p in there[0].items()) < 1e-9


def test_spark_finds_the_same_clusters(here, there):
    several = {place for place, first in here[1].items() if place != first}
    whole = several | {here[1][place] for place in several}

    assert there[1] == {place: here[1][place] for place in whole}
