"""Ventures: scientists who found a company with institute, enterprise and district (创业科学家计划)."""
