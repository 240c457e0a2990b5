/** Who is signed in, as the site wrote it into the page; null for a guest. */
export function memberName(): string | null {
  return document.querySelector<HTMLMetaElement>('meta[name="member"]')?.content ?? null;
}

/** To the account, or to signing in and back here; pages of the site's own, not the editor's. */
export function AccountLink() {
  const name = memberName();
  const href = name === null ? `/account/login/?next=${encodeURIComponent(window.location.pathname + window.location.search)}` : "/account/";
  return (
    <a className="button account-link" data-look="quiet" href={href} title={name === null ? undefined : "Your account"}>
      {name ?? "Sign in"}
    </a>
  );
}
