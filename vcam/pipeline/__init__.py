"""One frame's way from the camera's picture to the finished frame, and how it is built."""
