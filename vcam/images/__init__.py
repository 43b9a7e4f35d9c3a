"""Pictures, masks and alphas, and their files, sizes and captions."""
