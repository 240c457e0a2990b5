/** What the doctor told of a run: many records, of which two with one id are the beginning and the end of one alert. */
import type { Alert, Event } from "../generated/types";

export class Alerts {
  private records: Alert[] = [];

  /** Keeps a record; says whether it was new. */
  take(alert: Alert): boolean {
    if (this.records.some((known) => known.id === alert.id && known.ended === alert.ended)) return false;
    this.records.push(alert);
    return true;
  }

  /** A later attempt does all steps after this one again. */
  cut(first: number): void {
    this.records = this.records.filter((alert) => alert.step <= first);
  }

  /** Every alert with its end where it has one, in the order they were first told. */
  get all(): Alert[] {
    const known = new Map<string, Alert>();
    for (const alert of this.records) known.set(alert.id, alert);
    return Array.from(known.values());
  }

  /** As it stood at a step: what had begun by then, without the ends that were still to come. */
  at(step: number): Alert[] {
    return this.all.filter((alert) => alert.since <= step).map((alert) => (alert.ended !== null && alert.ended > step ? { ...alert, ended: null } : alert));
  }

  /** Flags for the time line and the charts, where each began. */
  get flags(): Event[] {
    return this.all.map((alert) => ({ kind: "event", name: "alert", step: alert.since, message: alert.title, value: null, time: 0 }));
  }
}

/** The one alert that is open on the page: the chosen one, else the first that is still so. */
export function shownAlert(alerts: readonly Alert[], chosen: string | null): Alert | null {
  const { open } = parted(alerts);
  return alerts.find((alert) => alert.id === chosen) ?? open[0] ?? null;
}

/** The layer with the one ring on the figure. */
export function ringed(alerts: readonly Alert[], chosen: string | null): string[] {
  const shown = shownAlert(alerts, chosen);
  return shown?.ended === null && shown.layer !== null ? [shown.layer] : [];
}

/** What is still so, errors first, and what is over. */
export function parted(alerts: readonly Alert[]): { open: Alert[]; over: Alert[] } {
  const rank = (alert: Alert) => (alert.level === "error" ? 0 : 1);
  return {
    open: alerts.filter((alert) => alert.ended === null).toSorted((one, other) => rank(one) - rank(other)),
    over: alerts.filter((alert) => alert.ended !== null),
  };
}
