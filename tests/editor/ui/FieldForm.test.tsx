import { useState } from "react";
import { beforeEach, expect, test, vi } from "vitest";
import type { FieldSpec } from "../../../editor/generated/types";
import { FieldForm } from "../../../editor/ui/FieldForm";
import { enter, mounted, press } from "../mounted";

const { box, render } = mounted();

const plain: FieldSpec = { name: "", label: "", kind: "whole", default: 1, minimum: null, maximum: null, step: 1, unit: "", help: "", choices: [], common: [], when: {} };
const FIELDS: FieldSpec[] = [
  { ...plain, name: "epochs", label: "Epochs", default: 3, minimum: 1, maximum: 500, common: [1, 3, 10] },
  { ...plain, name: "optimiser", label: "Optimiser", kind: "choice", default: "sgd", choices: [{ value: "sgd", label: "SGD", help: "" }, { value: "adam", label: "Adam", help: "" }] },
  { ...plain, name: "rate", label: "Rate", kind: "real", default: 0.05, minimum: 0, maximum: 100, common: [0.01, 0.1] },
  { ...plain, name: "nesterov", label: "Nesterov", kind: "switch", default: false, when: { optimiser: ["sgd"] } },
  { ...plain, name: "warmup", label: "Warm-up", default: 0, minimum: 0, maximum: 10 },
  { ...plain, name: "kernel", label: "Kernel", kind: "pair", default: 3, minimum: 1, maximum: 99, common: [1, 3, 5] },
];

const changes = vi.fn<(name: string, value: unknown) => void>();
const problems = vi.fn<(name: string, problem: string | null) => void>();

function Form() {
  const [values, setValues] = useState<Record<string, unknown>>({});
  return (
    <FieldForm
      fields={FIELDS}
      values={values}
      onChange={(name, value) => {
        changes(name, value);
        setValues((now) => ({ ...now, [name]: value }));
      }}
      onInvalid={problems}
    />
  );
}

beforeEach(async () => {
  changes.mockReset();
  problems.mockReset();
  await render(<Form />);
});

const row = (name: string) => box.querySelector(`[data-field=${name}]`) as HTMLElement;
const input = (name: string) => row(name).querySelector("input[type=text]") as HTMLInputElement;

test("every field shows its default under its name", () => {
  expect(input("rate").value).toBe("0.05");
  expect((row("optimiser").querySelector("select") as HTMLSelectElement).value).toBe("sgd");
  expect((row("epochs").querySelector("input[type=radio]:checked") as HTMLInputElement).parentElement?.textContent).toBe("3");
  expect(row("rate").querySelector("label")?.getAttribute("for")).toBe(input("rate").id);
});

test("a value in range goes on while it is typed", async () => {
  await enter(input("rate"), "0,2");
  expect(changes).toHaveBeenLastCalledWith("rate", 0.2);
  expect(input("rate").value).toBe("0,2");
});

test("a value out of range stays in the field with its reason, and goes no further", async () => {
  await enter(input("rate"), "7000");
  expect(changes).not.toHaveBeenCalled();
  expect(row("rate").querySelector("[role=alert]")?.textContent).toBe("Rate is 7000; it must be between 0 and 100.");
  expect(input("rate").getAttribute("aria-invalid")).toBe("true");
  expect(problems).toHaveBeenLastCalledWith("rate", "Rate is 7000; it must be between 0 and 100.");
  await enter(input("rate"), "70");
  expect(row("rate").querySelector("[role=alert]")).toBeNull();
  expect(problems).toHaveBeenLastCalledWith("rate", null);
});

test("a common value is one press, and replaces what was typed", async () => {
  await enter(input("rate"), "7000");
  await press([...row("rate").querySelectorAll("button")].find((button) => button.textContent === "0.1"));
  expect(changes).toHaveBeenLastCalledWith("rate", 0.1);
  expect(row("rate").querySelector("[role=alert]")).toBeNull();
});

test("a field whose condition does not hold is not there", async () => {
  const select = row("optimiser").querySelector("select");
  expect(row("nesterov")).not.toBeNull();
  await enter(select, "adam");
  expect(row("nesterov")).toBeNull();
});

test("the stepper stops at the ends of the range", async () => {
  const [less, more] = row("warmup").querySelectorAll("button");
  expect((less as HTMLButtonElement).disabled).toBe(true);
  await press(more);
  expect(changes).toHaveBeenLastCalledWith("warmup", 1);
});

test("a size can be split into height and width and joined again", async () => {
  const toggle = () => row("kernel").querySelector("button[aria-label^='Kernel']");
  await press(toggle());
  expect(changes).toHaveBeenLastCalledWith("kernel", [3, 3]);
  await enter(row("kernel").querySelectorAll("input")[1], "7");
  expect(changes).toHaveBeenLastCalledWith("kernel", [3, 7]);
  await press(toggle());
  expect(changes).toHaveBeenLastCalledWith("kernel", 3);
});
