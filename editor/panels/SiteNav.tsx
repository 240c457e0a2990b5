import { Link, paths, type Route } from "../routes";

const PLACES: { name: string; href: string; pages: Route["page"][] }[] = [
  { name: "Experiments", href: paths.home(), pages: ["home"] },
  { name: "Networks", href: paths.zoo(), pages: ["zoo", "exhibit"] },
  { name: "Data", href: paths.data(), pages: ["data"] },
  { name: "Gallery", href: paths.gallery(), pages: ["gallery"] },
  { name: "Compare", href: paths.compare(), pages: ["compare", "plane"] },
];

/** The five places that are not one experiment's. */
export function SiteNav({ page }: { page: Route["page"] }) {
  return (
    <nav className="tabs" aria-label="Places">
      {PLACES.map(({ name, href, pages }) => (
        <Link key={name} href={href} aria-current={pages.includes(page) ? (page === "exhibit" || page === "plane" ? "true" : "page") : undefined}>
          {name}
        </Link>
      ))}
    </nav>
  );
}
