"""Files that cannot be read."""


class Unsupported(ValueError):
    """The file is no network of these blocks. The message says what is wrong, then the way out."""
