import type { ButtonHTMLAttributes, Ref } from "react";
import { Icon, type IconName } from "./Icon";
import { Tooltip } from "./Tooltip";

export interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  look?: "plain" | "main" | "quiet" | "bad";
  size?: "normal" | "small";
  icon?: IconName;
  /** Why it cannot be pressed. It stays reachable, so that the reason can be read. */
  blocked?: string | null;
  /** A blocked button that can still be pressed, to go to what blocks it. */
  onBlocked?: () => void;
  /** Where the focus goes when its dialog opens. */
  "data-first"?: "";
  ref?: Ref<HTMLButtonElement>;
}

/** A button that says its result; blocked, it says why. */
export function Button(props: ButtonProps) {
  const { look = "plain", size = "normal", icon, blocked = null, onBlocked, onClick, className, children, ...rest } = props;
  const button = (
    <button
      type="button"
      className={className ? `button ${className}` : "button"}
      data-look={look}
      data-size={size}
      data-leads={blocked && onBlocked ? "" : undefined}
      aria-disabled={blocked ? true : undefined}
      onClick={blocked ? onBlocked : onClick}
      {...rest}
    >
      {icon && <Icon name={icon} />}
      {children}
    </button>
  );
  return blocked ? <Tooltip text={blocked}>{button}</Tooltip> : button;
}

/** A square button with an icon; `label` is its name and its tooltip. */
export function IconButton({ label, icon, blocked, hint, ...rest }: Omit<ButtonProps, "children"> & { label: string; icon: IconName; hint?: string }) {
  const { look = "quiet", size = "normal", onBlocked: _unused, onClick, className, ...others } = rest;
  return (
    <Tooltip text={blocked ?? (hint ? `${label}  ${hint}` : label)} names={!blocked}>
      <button
        type="button"
        className={className ? `button ${className}` : "button"}
        data-look={look}
        data-size={size}
        data-icon-only=""
        aria-label={label}
        aria-disabled={blocked ? true : undefined}
        onClick={blocked ? undefined : onClick}
        {...others}
      >
        <Icon name={icon} />
      </button>
    </Tooltip>
  );
}
