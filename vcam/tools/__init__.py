"""Tools: the benchmark, and a test card that is read back as apps do."""
