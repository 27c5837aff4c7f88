"""Which rows of a table are one thing, whatever its columns: people, firms, places, products."""
