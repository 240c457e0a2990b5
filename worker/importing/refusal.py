"""Modules that cannot be imported."""


class NotImportable(ValueError):
    """The message says what is wrong, then the way out."""
