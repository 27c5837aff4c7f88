-- Where the rows of a CSV file begin, in a piece behind its last one: noted by the preview.
--
-- See docs/decisions/0057.

GRANT INSERT, UPDATE (content) ON dedup.import_pieces TO leadfly_worker;
