"""The journey in chapters, each a function that goes on where the one before ended."""
