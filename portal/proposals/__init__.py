"""Proposals: an institute answers, sealed until the opening (院所答题)."""
