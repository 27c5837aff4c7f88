"""Which version blocking keys are of, and that it is raised when they are made otherwise."""

from hashlib import sha256
from pathlib import Path

import psycopg
import pytest

from services.dedup import blocking
from services.dedup.blocking import KEYS_VERSION
from services.dedup.contact import promoted
from services.dedup.importing import Plan, load
from services.dedup.record import read
from shared.columns import mapped
from shared.lead_fields import FIELDS
from tests.services.dedup.arrivals import NOON

DIGEST = "ca86000f65af154e"
"""Of the keys of LEADS, as version KEYS_VERSION makes them."""

LEADS = (
    {"name": "Kevin Miller", "email": "kevin.miller@gmail.com", "phone": "+1 312 555 0142"},
    {"first_name": "Bob", "last_name": "O'Neill-Smith", "company": "Acme Inc", "city": "Leeds"},
    {"name": "Dr. Jürgen von der Heide", "email": "j@heide.example", "phone": "030 901820"},
    {"name": "Lucía Fernández Serrano", "email": "lucia@serrano.example", "postal_code": "28013"},
    {"name": "María José García", "phone": "+34 612 345 678", "company": "García e Hijos S.L."},
    {"name": "Marie-Ève Tremblay", "email": "met@videotron.ca", "city": "Montréal"},
    {"name": "João da Silva", "phone": "(11) 98123-4567", "country": "BR"},
    {"name": "Nguyễn Thị Hương", "phone": "0912 345 678", "country": "VN"},
    {"name": "Екатерина Орлова", "email": "orlova@yandex.ru", "phone": "8 916 123-45-67"},
    {"name": "Olena Shevchenko", "company": "Київ Софт", "city": "Kyiv"},
    {"name": "فاطمة إبراهيم", "email": "fatima@souq.example", "phone": "+971 50 123 4567"},
    {"name": "عبد الرحمن الحسيني", "city": "Amman", "date_of_birth": "1984-02-29"},
    {"name": "עומר אברהם", "email": "omer@netvision.net.il"},
    {"name": "李静", "company": "华为技术有限公司", "phone": "+86 138 0013 8000"},
    {"name": "Lin Chih-Hao", "email": "chlin@hinet.net"},
    {"name": "内野真由美", "email": "u@docomo.ne.jp", "phone": "090-1234-5678", "country": "JP"},
    {"name": "김민준", "company": "삼성전자", "phone": "010-1234-5678", "country": "KR"},
    {"name": "ชนิดา ชัยมงคล", "email": "chanida@loxinfo.co.th"},
    {"name": "राजेश कुमार शर्मा", "phone": "+91 98765 43210"},
    {"name": "Γιώργος Παπαδόπουλος", "email": "gpap@otenet.gr", "city": "Αθήνα"},
    {"name": "გიორგი მაისურაძე", "email": "giorgi@caucasus.example"},
    {"name": "Արամ Խաչատրյան", "phone": "+374 91 234567"},
    {"name": "Przemysław Wójcik", "company": "Wójcik Sp. z o.o.", "postal_code": "00-950"},
    {"name": "Horáková Petra", "email": "petra.horakova@seznam.cz"},
    {"name": "Kiss Jánosné", "email": "kissne@freemail.hu", "city": "Szeged"},
    {"name": "Ingibjörg Jónsdóttir", "city": "Reykjavík"},
    {"name": "Siti binti Rahman", "phone": "012-345 6789", "country": "MY"},
    {"name": "R. Suresh", "email": "suresh@infosol.example", "company": "Infosol Pvt Ltd"},
    {"name": "Ümit Yılmaz", "email": "umit.yilmaz@hotmail.com.tr"},
    {"name": "Sarah Fairwe1l", "email": "sarah@gmial.com", "other_email": "s@firm.example"},
    {"email": "info@bakery.example", "company": "The Bakery"},
    {"phone": "030 901850 / 0171 1234568", "country": "DE"},
    {"name": "Per Almholm", "company": "Karlsson & Jonsson HB", "email": "per@hotmail.dk"},
    {"name": "Sri Purnomo", "phone": "+62 812 3456 7890", "company": "Tehcnology Nile S.A.E."},
)  # fmt: skip
"""Made up: people of many scripts, and what else makes keys."""


def digest():
    """Return a digest of the keys of LEADS."""
    found = []
    for lead in LEADS:
        record = read(promoted(lead)).record
        found.append([blocking.keys(record), blocking.relations(record)])
    return sha256(repr(found).encode()).hexdigest()[:16]


def test_the_version_is_raised_when_keys_are_made_otherwise():
    assert digest() == DIGEST, (
        f"leads get other keys than before: raise KEYS_VERSION in {Path(blocking.__file__).name} "
        f"to {KEYS_VERSION + 1}, write the migration that docs/decisions/0072 describes, so that "
        f"stored leads get theirs anew, and put {digest()} here"
    )


@pytest.fixture
def one(owner, post, user_id):
    """A stored lead, and what says which version its keys are of."""
    post(email="ada@analytical.example")
    yield lambda version: owner.execute(
        "UPDATE dedup.records SET keys_version = %s WHERE tenant_id = %s", [version, user_id]
    )
    owner.execute("DELETE FROM public.subjects WHERE tenant_id = %s", [user_id])


@pytest.mark.parametrize(
    "version", [each for each in range(-KEYS_VERSION, KEYS_VERSION + 1) if each]
)
def test_the_database_calls_outdated_what_is_of_before(one, owner, user_id, version):
    one(version)

    (outdated,) = owner.execute(
        "SELECT count(*) FROM dedup.outdated_records WHERE tenant_id = %s", [user_id]
    ).fetchone()

    assert outdated == (abs(version) < KEYS_VERSION)


def test_what_is_outdated_is_found_by_its_index(owner):
    query = (
        "SELECT lead_id FROM dedup.outdated_records WHERE tenant_id = 'x' "
        "ORDER BY keys_version, lead_id LIMIT 1"
    )
    with owner.transaction(force_rollback=True):
        owner.execute("SET LOCAL enable_seqscan = off")
        owner.execute("SET LOCAL enable_bitmapscan = off")
        owner.execute("SET LOCAL enable_sort = off")
        plan = "\n".join(row[0] for row in owner.execute(f"EXPLAIN {query}"))

    assert "records_outdated" in plan


def versions(owner, user_id):
    rows = owner.execute(
        "SELECT DISTINCT keys_version FROM dedup.records WHERE tenant_id = %s", [user_id]
    )
    return [version for (version,) in rows]


def test_a_lead_that_is_checked_has_keys_of_this_version(owner, post, user_id):
    post(email="ada@analytical.example")

    assert versions(owner, user_id) == [KEYS_VERSION]


def test_a_lead_that_is_imported_has_keys_of_this_version(owner, database, gate, user_id):
    cells = ["ada@analytical.example" if name == "email" else "" for name in FIELDS]
    load(database, gate, Plan(user_id, "crm", "US", mapped(FIELDS, {}), NOON), [(2, cells)])

    assert versions(owner, user_id) == [KEYS_VERSION]


def test_what_a_process_of_before_stores_is_outdated(owner):
    with owner.transaction(force_rollback=True):
        (default,) = owner.execute(
            "SELECT column_default::int FROM information_schema.columns "
            "WHERE table_schema = 'dedup' AND table_name = 'records' "
            "AND column_name = 'keys_version'"
        ).fetchone()

    assert 0 < default < KEYS_VERSION


def test_no_program_may_change_keys_but_by_the_function(database, worker_database, user_id):
    for one in (database, worker_database):
        for statement in (
            "UPDATE dedup.records SET keys_version = 2",
            "UPDATE dedup.records SET blocking_keys = '{}'",
            "DELETE FROM dedup.blocking_keys",
        ):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), one.lookup() as conn:
                conn.execute(statement)
