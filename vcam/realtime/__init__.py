"""The three threads that carry frames together, and what passes between them."""
