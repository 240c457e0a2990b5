from tests.webapp.accounts.builders import quick_hashes  # noqa: F401
