"""People, what they act as, and how they sign in."""
