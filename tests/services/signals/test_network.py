"""A network of one hidden layer: what a line cannot learn, and always the same."""

import numpy
from scipy.sparse import csr_matrix

from services.signals.network import fitted

EITHER = csr_matrix(
    numpy.array([[1, 0, 1], [0, 1, 1], [1, 1, 1], [0, 0, 1]] * 2_000, numpy.float32)
)
"""Two words, one of which says something, both of which say nothing, and one that is always."""

WANTED = numpy.array([[1, 0], [1, 1], [0, 1], [0, 0]] * 2_000, numpy.float32)
"""Either of the words but not both; and the second of them."""

KNOWN = numpy.ones_like(WANTED)


def test_what_no_line_tells_is_learned():
    scores = fitted(EITHER, WANTED, KNOWN).scores(EITHER)

    assert ((scores > 0) == (WANTED > 0)).all()


def test_the_same_rows_make_the_same_network():
    first, second = (fitted(EITHER, WANTED, KNOWN).scores(EITHER) for _ in range(2))

    assert (first == second).all()


def test_what_is_not_known_is_not_learned_from():
    turned, known = WANTED.copy(), KNOWN.copy()
    turned[:, 1], known[:, 1] = 1 - WANTED[:, 1], 0

    first, second = (fitted(EITHER, wanted, known) for wanted in (WANTED, turned))

    assert (first.scores(EITHER) == second.scores(EITHER)).all()
