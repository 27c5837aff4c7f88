"""The terms of the trade: for whom, since when and how many leads may be taken, and who may not."""
