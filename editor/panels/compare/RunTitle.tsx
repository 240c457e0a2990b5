import { named } from "../../charts/titles";

/** A run's name where there is little room: what it shares with its relatives is cut first. */
export function RunTitle({ name }: { name: string }) {
  const { base, own } = named(name);
  return (
    <span className="run-title">
      <span>{base}</span>
      {own && <span>{`, ${own}`}</span>}
    </span>
  );
}
