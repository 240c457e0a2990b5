import { beforeEach, expect, test } from "vitest";
import type { RunCard } from "../../../editor/generated/types";
import { RunMenu } from "../../../editor/panels/RunMenu";
import { useExperiment } from "../../../editor/store/experiment";
import { mounted } from "../mounted";

const { box, render } = mounted();

const run = (id: string, number: number) => ({ id, number, experiment: "mine", name: "LeNet", state: "finished", step: 10, total_steps: 10, test_accuracy: 0.9 }) as RunCard;

beforeEach(() => {
  useExperiment.setState({ id: "mine", status: "ready", name: "LeNet", runs: [run("a", 1), run("b", 2)] });
});

const show = (experiment: string, current: string) => render(<RunMenu experiment={experiment} current={current}>Run 1</RunMenu>);

test("the experiment's other runs are listed, those of another that is open are not", async () => {
  await show("mine", "a");
  expect(box.querySelector("button")?.title).toBe("Other runs");
  await show("theirs", "c");
  expect(box.querySelector("button")).toBeNull();
  expect(box.textContent).toBe("Run 1");
});
