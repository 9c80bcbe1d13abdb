"""Organisations: who takes part, and how they are verified."""
