"""Agreements of the district with universities, and the promises in them (校地合作)."""
