"""Talents: people whose arrival, class, work and stay are followed, with consent (人才)."""
