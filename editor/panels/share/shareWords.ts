// What is said of links.
import type { LinkView } from "../../generated/types";
import { agoWords } from "../runWords";

export const EXPIRIES = [
  { value: "", label: "Till revoked" },
  { value: "1", label: "1 day" },
  { value: "7", label: "7 days" },
  { value: "30", label: "30 days" },
  { value: "365", label: "1 year" },
];

const HOUR = 3_600_000;

export function openedWords({ opened, last_opened: last }: Pick<LinkView, "opened" | "last_opened">): string {
  if (opened === 0 || last === null) return "never opened";
  return `opened ${opened === 1 ? "once" : `${opened} times`}, ${opened === 1 ? "" : "last "}${agoWords(last)}`;
}

/** "ends in 6 days", to the hour on its last day. */
export function expiryWords(expires: string, now = Date.now()): string {
  const left = (Date.parse(expires) - now) / HOUR;
  const hours = left + 1 / 60; // a link of one day ends in one day, not in 23 hours, a moment after it was made
  if (left <= 0) return "has ended";
  if (hours < 1) return "ends within the hour";
  if (hours < 24) return `ends in ${Math.floor(hours)} h`;
  const days = Math.round(hours / 24);
  return `ends in ${days} ${days === 1 ? "day" : "days"}`;
}

const escaped = (text: string) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** An element for another page. */
export const frameCode = (address: string, name: string) =>
  `<iframe src="${escaped(address)}" title="${escaped(name)}" width="480" height="320" loading="lazy" style="border: 0"></iframe>`;
