"""Visits of young talent: 访学, 访工, 访窗口 (三访)."""
