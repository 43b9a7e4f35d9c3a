"""The preview: showing the user what viewers see, in a window or in the terminal."""
