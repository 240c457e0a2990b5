"""report(run): a run on one page that stands alone. No script, nothing fetched; light, dark and on paper."""

from webapp.exchange.report.page import report

__all__ = ["report"]
