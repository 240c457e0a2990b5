import type { ReactNode } from "react";
import { Link } from "../../routes";
import { IconButton } from "../../ui/Button";
import { Menu, type MenuItem } from "../../ui/Menu";
import { Art } from "./Art";

interface NetworkCardProps {
  href: string;
  name: string;
  network: Record<string, unknown>;
  menu: (MenuItem | null)[];
  /** Below the name. */
  children: ReactNode;
  dialogs?: ReactNode;
}

/** A network of one's own: its drawing and name lead to it, the menu beside them says what else can be done. */
export function NetworkCard({ href, name, network, menu, children, dialogs }: NetworkCardProps) {
  return (
    <li className="card">
      <Link className="card-link" href={href}>
        <Art network={network} />
        <div className="card-body">
          <h3 title={name}>{name}</h3>
          {children}
        </div>
      </Link>
      <div className="card-menu">
        <Menu label={name} align="end" items={menu}>
          <IconButton label={`More: ${name}`} icon="dots" size="small" look="plain" />
        </Menu>
      </div>
      {dialogs}
    </li>
  );
}
