"""The parts that `decoding` and `understanding` are made of; all of them pure."""
