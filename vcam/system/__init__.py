"""What differs from one operating system to the next: shells, consoles, processes, users."""
