"""Other libraries on the public sets, each run by the peers' own interpreter."""
