import { afterEach, expect, test } from "vitest";
import { AccountLink } from "../../../editor/panels/AccountLink";
import { mounted } from "../mounted";

const { box, render } = mounted();

afterEach(async () => {
  for (const meta of document.querySelectorAll('meta[name="member"]')) meta.remove();
  window.history.replaceState(null, "", "/");
});

const link = async () => {
  await render(<AccountLink />);
  return box.querySelector("a");
};

test("a guest is led to signing in, and back to where they were", async () => {
  window.history.replaceState(null, "", "/plane?runs=mnist");
  const shown = await link();
  expect(shown?.textContent).toBe("Sign in");
  expect(shown?.getAttribute("href")).toBe("/account/login/?next=%2Fplane%3Fruns%3Dmnist");
});

test("a member is led to their account by their name", async () => {
  document.head.insertAdjacentHTML("beforeend", '<meta name="member" content="Ada &quot;L&quot; Lovelace">');
  const shown = await link();
  expect(shown?.textContent).toBe('Ada "L" Lovelace');
  expect(shown?.getAttribute("href")).toBe("/account/");
});
