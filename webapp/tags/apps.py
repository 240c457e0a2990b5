from django.apps import AppConfig


class TagsConfig(AppConfig):
    name = "webapp.tags"
    label = "tags"
