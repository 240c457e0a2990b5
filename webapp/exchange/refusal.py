"""Files that cannot be read, and networks that have no file."""


class Unsupported(ValueError):
    """ONNX has what blocks have not, or the reverse. The message says what is wrong, then the way out."""
