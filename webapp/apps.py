from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "webapp"
    label = "site"

    def ready(self) -> None:
        import webapp.checks  # noqa: F401  registers the checks
