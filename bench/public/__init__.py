"""The public benchmark: tables that others measure themselves on, ours and theirs in one run."""
