"""Operations end with one sentence, never with a traceback."""


class OperationRefused(RuntimeError):
    """It cannot be done; the text says why and what to change."""
