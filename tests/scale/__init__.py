"""Generated knowledge bases of any size, for tests and measurements."""
