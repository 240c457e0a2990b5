"""Experiments, runs and workers."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import admin
from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from playground.protocol import Command
from webapp.accounts.models import WorkedSpan
from webapp.administration.site import Heavy, OwnedList, ReadOnly, short, shortened, site, whose
from webapp.experiments.models import Experiment
from webapp.problems import Refusal
from webapp.runs import connections
from webapp.runs.commands import command_send
from webapp.runs.models import ENDED, HELD, Run, Worker
from webapp.telemetry.hub import hub


@admin.register(Experiment, site=site)
class ExperimentAdmin(OwnedList, Heavy, ReadOnly):
    list_display = [short("name"), "whose", "run_count", "dataset", "created", "updated"]
    list_filter = ["updated", "created"]
    search_fields = ["name", "notes", "owner", "id"]
    date_hierarchy = "created"
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Experiment]:
        return super().get_queryset(request).annotate(run_count=Count("runs"))

    @admin.display(description="runs", ordering="run_count")
    def run_count(self, experiment: Any) -> int:
        return experiment.run_count

    @admin.display(description="data set")
    def dataset(self, experiment: Experiment) -> str:
        return experiment.recipe.get("dataset", "")

    def delete_model(self, request: HttpRequest, experiment: Experiment) -> None:
        self.delete_queryset(request, Experiment.objects.filter(pk=experiment.pk))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, experiments: QuerySet[Experiment]) -> None:
        _tell_of(Run.objects.filter(experiment__in=experiments))
        experiments.delete()


@admin.register(Run, site=site)
class RunAdmin(Heavy, ReadOnly):
    list_display = [
        short("name"),
        "number",
        "state",
        "whose",
        short("worker", "worker__name"),
        "progress_words",
        "attempt",
        "created",
        "ended",
        "open",
    ]
    list_filter = ["state", "worker", "created", "ended"]
    search_fields = ["name", "id", "experiment__name", "experiment__owner"]
    list_select_related = ["experiment", "worker"]
    date_hierarchy = "created"
    show_full_result_count = False
    actions = ["stop"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Run]:
        return super().get_queryset(request).defer("network", "experiment__network", "spark")

    @admin.display(description="owner", ordering="experiment__owner")
    def whose(self, run: Run) -> str:
        return whose(run.experiment.owner)

    @admin.display(description="step")
    def progress_words(self, run: Run) -> str:
        return f"{run.step:,} of {run.total_steps:,}" if run.total_steps else f"{run.step:,}"

    @admin.display(description="page")
    def open(self, run: Run) -> str:
        address = reverse("run", args=[run.experiment_id, run.pk])
        return format_html('<a href="{}">Watch</a>', address)

    @admin.action(description="Stop", permissions=["delete"])
    def stop(self, request: HttpRequest, runs: QuerySet[Run]) -> None:
        stopped = 0
        for run in runs.exclude(state__in=ENDED):
            try:
                command_send(run=run, command=Command(kind="stop"))
            except Refusal as refusal:
                self.message_user(request, f"{run}: {refusal.message}", "WARNING")
            else:
                stopped += 1
                self.log_change(request, run, "Stopped.")
        self.message_user(request, f"{stopped} runs are told to stop; those that had ended stay as they are.")

    def delete_model(self, request: HttpRequest, run: Run) -> None:
        self.delete_queryset(request, Run.objects.filter(pk=run.pk))

    @transaction.atomic
    def delete_queryset(self, request: HttpRequest, runs: QuerySet[Run]) -> None:
        _tell_of(runs)
        runs.delete()


@admin.register(Worker, site=site)
class WorkerAdmin(admin.ModelAdmin):
    list_display = [short("name"), "connected", "device", "held", "disabled", "last_seen", "created"]
    list_filter = ["disabled", "last_seen"]
    search_fields = ["name"]
    fields = ["name", "disabled", "connected", "device", "last_seen", "created"]
    readonly_fields = ["connected", "device", "last_seen", "created"]
    actions = ["disable", "enable"]

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False  # `manage.py worker_token NAME` makes one, and shows its token

    def get_queryset(self, request: HttpRequest) -> QuerySet[Worker]:
        return super().get_queryset(request).annotate(held=Count("runs", filter=Q(runs__state__in=HELD)))

    @admin.display(boolean=True)
    def connected(self, worker: Worker) -> bool:
        return worker.pk in connections.connected()

    @admin.display(description="runs now", ordering="held")
    def held(self, worker: Any) -> int:
        return worker.held

    @admin.display
    def device(self, worker: Worker) -> str:
        return shortened((worker.hello or {}).get("device", ""))

    @admin.action(description="Disable: it is sent away, and its runs go back to the queue", permissions=["change"])
    def disable(self, request: HttpRequest, workers: QuerySet[Worker]) -> None:
        self._switch(request, workers, off=True)

    @admin.action(description="Enable", permissions=["change"])
    def enable(self, request: HttpRequest, workers: QuerySet[Worker]) -> None:
        self._switch(request, workers, off=False)

    def _switch(self, request: HttpRequest, workers: QuerySet[Worker], *, off: bool) -> None:
        for worker in workers:
            self.log_change(request, worker, "Disabled." if off else "Enabled.")
        count = workers.update(disabled=off)
        connections.wake()
        self.message_user(request, f"{count} workers {'disabled' if off else 'enabled'}.")


@admin.register(WorkedSpan, site=site)
class WorkedAdmin(OwnedList, ReadOnly):
    list_display = ["whose", "run", "worker", "begun", "seen"]
    list_filter = ["begun"]
    search_fields = ["owner", "run"]
    date_hierarchy = "begun"


def _tell_of(runs: QuerySet[Run]) -> None:
    """After the commit, pages that show these runs and workers that train them learn that they are gone."""
    for run in runs.values_list("pk", flat=True):
        transaction.on_commit(partial(hub.announce, run))
    transaction.on_commit(connections.wake)
