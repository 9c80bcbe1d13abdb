"""Figures for leaders: pipeline, landings, what is overdue."""
