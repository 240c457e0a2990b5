import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

export type Tone = "plain" | "warn" | "bad" | "good" | "live";

/** A short state beside a name. `dot` beats while something runs. */
export function Chip({ tone = "plain", icon, dot = false, children }: { tone?: Tone; icon?: IconName; dot?: boolean; children: ReactNode }) {
  return (
    <span className="chip" data-tone={tone}>
      {dot && <span className="chip-dot pulse" />}
      {icon && <Icon name={icon} />}
      {children}
    </span>
  );
}
