"""One canonical spelling per identifier, so that two records can be compared by equality first.

Pure: standard library and the libraries of the field, no input or output beyond the
tables shipped with them. No function raises on any string, and each cuts its input to a
stated length before it works, so the time taken is bounded. Words that were read are remembered,
as many as each module states, for the same few are in most leads.
"""
