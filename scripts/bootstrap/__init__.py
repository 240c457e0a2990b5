"""Steps from a bare clone to a running, tested site; each is done once, and again when what it reads has changed."""
