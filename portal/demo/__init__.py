"""Demonstration data, marked as such."""
