"""Landings: the project comes to the district (项目落地)."""
