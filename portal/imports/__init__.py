"""Existing registers brought in from CSV and Excel, all or nothing."""
