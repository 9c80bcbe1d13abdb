"""Notices in the portal and mails in the outbox, written in the transaction of the act they tell of."""
