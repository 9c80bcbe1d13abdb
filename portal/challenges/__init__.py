"""Challenges: an enterprise sets a problem (企业出题)."""
