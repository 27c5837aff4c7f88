"""Runs one library within a limit of processor seconds, which other work does not use up.

`python -m bench.public.peers.limited SECONDS MODULE ARGUMENTS…`; past the limit it is ended by
SIGXCPU.
"""

import resource
import runpy
import sys

if __name__ == "__main__":
    seconds, module = int(sys.argv[1]), sys.argv[2]
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 10))
    sys.argv = sys.argv[2:]
    runpy.run_module(module, run_name="__main__")
