"""The workshop: measuring what vcam costs, and a test card that is read back as apps do."""
