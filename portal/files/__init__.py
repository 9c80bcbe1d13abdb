"""Attachments: kept under our own ids, sealed where needed, read by asking the record they belong to."""
