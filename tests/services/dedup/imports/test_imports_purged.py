"""The purge of files of leads keeps pace with many small ones."""

import psycopg

from leadfly.purge import purge

MANY = 130


def test_many_small_files_go_in_one_purge(owner_conninfo, worker_database, user_id):
    with psycopg.connect(owner_conninfo, autocommit=True) as owner:
        owner.execute(
            """
            INSERT INTO dedup.imports (tenant_id, id, kind, options, status, asked_at, asked_by,
                                       expires_at)
            SELECT %(tenant)s, gen_random_uuid(), 'csv', '{}', 'uploading', now(), 'local',
                   now() - interval '1 minute'
            FROM generate_series(1, %(many)s)
            """,
            {"tenant": user_id, "many": MANY},
        )

        purge(worker_database)

        left = owner.execute("SELECT count(*) FROM dedup.imports WHERE tenant_id = %s", [user_id])
        assert left.fetchone() == (0,)
