"""manage.py worker_token NAME: a new token for a worker, shown once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from webapp.runs.tokens import worker_token_issue


class Command(BaseCommand):
    help = "Print a new token for a worker. A token that it had before no longer counts."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="what people see, such as the machine's name")

    def handle(self, *args: Any, **options: Any) -> None:
        name = options["name"].strip()
        if not 0 < len(name) <= 120:
            raise CommandError("A worker's name has 1 to 120 characters.")
        self.stdout.write(worker_token_issue(name=name))
