"""A bug gets a number: the user sees it, and the log has it beside the traceback."""

import logging
import secrets

log = logging.getLogger("portal.fault")


def record_fault(error: BaseException, where: str = "") -> str:
    """Log the traceback under a fresh number and return the number."""
    number = secrets.token_hex(4).upper()
    log.error("fault %s %s", number, where, exc_info=error)
    return number
