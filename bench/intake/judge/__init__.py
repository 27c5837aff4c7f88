"""The judge: payloads as real forms and tools post them, each with the fields that are right.

`cases.jsonl` was written by hand, from what vendors document and what people call their fields,
by somebody who had not written the tables of words nor the code that reads them. Everybody in it is
made up. A case has a `body` (JSON, or a text of the content type `type`), what it `is`, by field,
and what must `never` be taken: somebody else's name, address or number. What nothing but a value
tells `may` be taken, and need not be.

A case's half is decided by the hash of its id (`verdicts.half`). Both halves are there to be looked
at: their faults are printed, and causes are mended by general rules, never by a case's own wording.
Half Y was only counted until 2026-11-21 21:30, and then opened. Its last figures of that time were
held out: 95.7 % right (94.0 to 97.0), 3 swapped of 750; later ones prove nothing of payloads that
nobody has seen. A new kind of payload is a new case; a case is never changed to fit an answer.
"""
