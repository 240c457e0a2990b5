import { describe, expect, it, vi } from "vitest";
import type { Alert, Failed, RunView } from "../../../../editor/generated/types";
import type { RunSession } from "../../../../editor/live/session";
import { LiveRun } from "../../../../editor/live/live_run";
import { api } from "../../../../editor/net/api";
import { Doctor } from "../../../../editor/panels/train/Doctor";
import { useRun } from "../../../../editor/store/run";
import { mounted, press } from "../../mounted";

const { box, render } = mounted();

const alert = (change: Partial<Alert> = {}): Alert => ({
  kind: "alert", id: "doctor.dying 1210", rule: "doctor.dying", level: "warning", step: 1310, since: 1210, ended: null, layer: "r1", layers: ["r1"],
  title: "3×3 e is dying: 42% of units never fire", evidence: "It began by step 1,210.", fine: "2 of 3 ReLU layers are alive.", why: "A ReLU that gives zero stays.", value: 0.42,
  remedies: [
    { id: "slower_now", label: "Rate to 0.005 now", twin: "", rate: 0.005 },
    { id: "leaky_relu", label: "Use leaky ReLU", twin: "leaky ReLU", rate: null },
    { id: "slower", label: "Train at rate 0.005", twin: "rate 0.005", rate: null },
  ],
  ...change,
});

const VANISHING = alert({ id: "doctor.vanishing 0", title: "The gradient vanishes before it reaches Conv a", since: 0, remedies: [] });

async function show(alerts: Alert[], run: Partial<RunView> = {}, failed: Failed | null = null) {
  const live = new LiveRun();
  for (const each of alerts) live.alerts.take(each);
  live.failed = failed;
  useRun.setState({ run: { id: "run1", name: "Net", state: "running", mine: true, ...run } as RunView, alert: null });
  await render(<Doctor session={{ live } as unknown as RunSession} alerts={live.alerts.all} />);
}

const buttons = () => Array.from(box.querySelectorAll(".doctor-ways button"), (button) => button.textContent);
const headings = () => Array.from(box.querySelectorAll("h2"), (heading) => heading.textContent);

const pressed = (name: string) => press(Array.from(box.querySelectorAll("button")).find((each) => each.textContent?.includes(name)));

describe("the doctor", () => {
  it("is not there while all is well", async () => {
    await show([]);
    expect(box.innerHTML).toBe("");
  });

  it("says what, since when, what is still fine, and why", async () => {
    await show([alert()]);
    expect(headings()).toEqual([alert().title]);
    expect(box.textContent).toContain("It began by step 1,210. 2 of 3 ReLU layers are alive.");
    expect(box.querySelector("details")?.textContent).toBe("WhyA ReLU that gives zero stays.");
  });

  it("speaks the newest at once", async () => {
    await show([VANISHING, alert()]);
    expect(box.querySelector("[role=alert]")?.textContent).toBe(alert().title);
  });

  it("offers two remedies and the moment while the run trains", async () => {
    await show([alert()]);
    expect(buttons()).toEqual(["Rate to 0.005 now", "Use leaky ReLU", "Go to 1,210"]);
  });

  it.each([{ mine: false }, { state: "finished" as const }])("offers twins alone where no command can be given: %o", async (run) => {
    await show([alert()], run);
    expect(buttons()).toEqual(["Use leaky ReLU", "Train at rate 0.005", "Go to 1,210"]);
  });

  it("trains the twin with one press and goes to its page", async () => {
    const remedy = vi.spyOn(api, "remedy").mockResolvedValue({ id: "run2", experiment: "twin" } as RunView);
    await show([alert()]);
    await pressed("Use leaky ReLU");
    expect(remedy).toHaveBeenCalledExactlyOnceWith("run1", "doctor.dying 1210", "leaky_relu");
    expect(window.location.pathname).toBe("/e/twin/runs/run2");
  });

  it("changes the rate of the run with one press", async () => {
    const command = vi.spyOn(api, "command").mockResolvedValue({});
    await show([alert()]);
    await pressed("Rate to 0.005 now");
    expect(command).toHaveBeenCalledExactlyOnceWith("run1", { kind: "learning_rate", value: 0.005 });
  });

  it("opens one alert and lists the others, which a press opens", async () => {
    await show([VANISHING, alert()]);
    expect(headings()).toEqual([VANISHING.title]);
    await pressed("3×3 e is dying");
    expect(headings()).toEqual([alert().title]);
    expect(box.querySelector(".doctor-others")?.textContent).toBe(`${VANISHING.title}since 0`);
  });

  it("keeps what is over in the list, with its end", async () => {
    await show([alert({ ended: 1400 })]);
    expect(headings()).toEqual([]);
    await pressed("over at 1,400");
    expect(box.textContent).toContain("Recovered at step 1,400.");
    expect(buttons()).not.toContain("Rate to 0.005 now");
  });

  it("tells of a run that ended for another reason", async () => {
    const failed: Failed = { kind: "failed", step: 12, code: "out_of_memory", message: "Too little memory.", hint: "Use a smaller batch.", layer: null };
    await show([], { state: "failed" }, failed);
    expect(headings()).toEqual(["The run ended at step 12"]);
    expect(box.textContent).toContain("Too little memory. Use a smaller batch.");
  });
});
