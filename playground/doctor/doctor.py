"""The doctor of one run: shows every row to every rule, and makes alerts of what they find."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from playground.doctor.base import Rule
from playground.doctor.case import Block, Case, Row
from playground.doctor.not_a_number import NotANumber
from playground.doctor.registry import RULES
from playground.doctor.remedies import Patient, offers
from playground.network import Network
from playground.protocol.telemetry import Alert, AlertRemedy, Failed
from playground.walk import walk

MOST_ALERTS = 40
"""Of one run. One that comes and goes more often has been told of often enough."""


class Doctor:
    """Feed it the run's rows in order; it answers with alerts that begin or end."""

    def __init__(self, case: Case, network: Network) -> None:
        self._case = case
        self._network = network
        self._rules = [made(case) for made in sorted(RULES.values(), key=lambda each: (bool(each.unless), each.id))]
        listens = {name: [r for r in self._rules if _hears(r, name)] for name in ("steps", "layers", "validation")}
        self._of_steps, self._of_layers, self._of_validation = listens.values()
        self._open: dict[str, Alert] = {}
        self._told = 0
        self._rate = case.recipe.learning_rate
        self._rate_at = case.column("steps", "learning_rate")

    def steps(self, block: Block) -> list[Alert]:
        """Ten steps."""
        if self._rate_at is not None:
            self._rate = block.mean[self._rate_at]
        for each in self._of_steps:
            each.steps(block)
        return self._news(block.last)

    def layers(self, row: Row) -> list[Alert]:
        """A row of the stream "layers"."""
        for each in self._of_layers:
            each.layers(row)
        return self._news(row.step)

    def validation(self, row: Row) -> list[Alert]:
        """A row of the stream "validation"."""
        for each in self._of_validation:
            each.validation(row)
        return self._news(row.step)

    def broke_off(self, failed: Failed) -> list[Alert]:
        """The run ended because a number was none; the last alert."""
        if failed.code != "not_a_number":
            return []
        found = NotANumber(self._case)
        found.failed = failed
        return [self._alert(found, failed.step)]

    def state(self) -> dict[str, Any]:
        """For the checkpoint, as JSON."""
        rules = {each.id: each.state() for each in self._rules}
        alerts = {name: alert.model_dump(mode="json") for name, alert in self._open.items()}
        return {"rules": rules, "open": alerts, "told": self._told}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from what `state` gave; a rule that is new since then begins afresh."""
        for each in self._rules:
            if each.id in state["rules"]:
                each.restore(state["rules"][each.id])
        self._open = {name: Alert.model_validate(alert) for name, alert in state["open"].items()}
        self._told = state["told"]

    def _news(self, step: int) -> list[Alert]:
        alerts: list[Alert] = []
        for each in self._rules:
            told = self._open.get(each.id)
            if each.sign.on and told is None and self._told < MOST_ALERTS and each.unless.isdisjoint(self._open):
                self._told += 1
                self._open[each.id] = alert = self._alert(each, step)
                alerts.append(alert)
            elif told is not None and not each.sign.on:
                del self._open[each.id]
                alerts.append(told.model_copy(update={"step": step, "ended": each.sign.gone}))
        return alerts

    def _alert(self, found: Rule, step: int) -> Alert:
        finding, since = found.finding(), found.since()
        patient = Patient(walk(self._network), self._case.recipe, self._rate, finding.layer, finding.value)
        return Alert(
            id=f"{found.id} {since}",
            rule=found.id,
            level=found.level,
            step=step,
            since=since,
            layer=finding.layer,
            layers=list(finding.layers or ((finding.layer,) if finding.layer else ())),
            title=finding.title,
            evidence=finding.evidence,
            fine=finding.fine,
            why=found.why,
            value=finding.value,
            remedies=list(_offered(found, patient)),
        )


def _hears(each: Rule, name: str) -> bool:
    return getattr(type(each), name) is not getattr(Rule, name)


def _offered(found: Rule, patient: Patient) -> Iterable[AlertRemedy]:
    for id, change in offers(found.remedies, patient):
        yield AlertRemedy(id=id, label=change.label, twin=change.twin, rate=change.rate)
