import type { ReactNode } from "react";
import { Link, paths, type Route } from "../routes";
import { Icon, Mark } from "../ui/Icon";
import { AccountLink } from "./AccountLink";
import { SiteNav } from "./SiteNav";
import { ThemeButton } from "./ThemeButton";

/** The bar over the pages that are not one experiment's; `children` stand before the theme. */
export function SiteTop({ page, children }: { page: Route["page"]; children?: ReactNode }) {
  return (
    <header className="top home-top">
      <Link className="home-title" href={paths.home()} aria-label="CNN playground, start page">
        <Mark />
        <span>CNN playground</span>
      </Link>
      <SiteNav page={page} />
      <span className="top-space" />
      {children}
      <AccountLink />
      <ThemeButton />
      <Link className="button" data-look="main" href={paths.draft()}>
        <Icon name="plus" />
        New network
      </Link>
    </header>
  );
}
