"""Which rows of a whole table are one person? The flow of `leadfly dedupe`, and its doors."""
