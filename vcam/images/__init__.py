"""What every stage works on: pictures, masks and alphas; their files, sizes and words on them."""
