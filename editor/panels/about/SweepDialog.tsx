import { useEffect, useState } from "react";
import { fullCount, shortCount } from "../../canvas/words";
import type { SweepField, SweepForm, SweepPlan } from "../../generated/types";
import { aboutApi, type SweepWanted } from "../../net/about";
import { isAbort, words } from "../../net/errors";
import { toast } from "../../store/ui";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { AxisEditor } from "./AxisEditor";
import { axisOf, type Typed, typedFor } from "./sweepAxis";

interface Props {
  experiment: string;
  onClose: () => void;
  onStarted: () => Promise<void>;
}

const REST = 250; // ms of rest in typing before the cost is asked for
const SEEDS = [1, 2, 3, 5, 8];

/** One or two settings through several values, and several seeds; what it costs stands there before it starts. */
export function SweepDialog({ experiment, onClose, onStarted }: Props) {
  const { form, problem } = useForm(experiment);
  const [typed, setTyped] = useState<Typed[] | null>(null);
  const [seeds, setSeeds] = useState(1);
  const [starting, setStarting] = useState(false);
  const first = form?.fields.find(({ field }) => field === "learning_rate");
  const axes = typed ?? (first ? [typedFor(first)] : []);
  const specs = new Map((form?.fields ?? []).map((each) => [each.field, each]));
  const wanted: SweepWanted = {
    axes: axes.flatMap((each) => {
      const spec = specs.get(each.field)?.spec;
      return spec ? [axisOf(each, spec)] : [];
    }),
    seeds,
  };
  const { plan, refused, asking } = usePlan(experiment, form ? wanted : null);
  const start = async () => {
    setStarting(true);
    try {
      const { batch, runs } = await aboutApi.startSweep(experiment, wanted);
      toast(`${batch?.title ?? "Sweep"}: ${runs.length} runs wait for a worker.`);
      await onStarted();
    } catch (error) {
      toast(words(error), { tone: "bad" });
      setStarting(false);
    }
  };
  const change = (index: number, next: Typed | null) => setTyped(next ? axes.map((each, place) => (place === index ? next : each)) : axes.filter((_, place) => place !== index));
  const count = plan?.runs.length ?? 0;
  const blocked = starting ? "On its way" : refused ? refused : !plan || asking ? "Counting what it costs" : null;
  return (
    <Dialog
      title="Sweep"
      width={720}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" blocked={blocked} onClick={() => void start()}>
            {count > 0 ? `Queue ${count} runs` : "Queue the runs"}
          </Button>
        </>
      }
    >
      {problem !== null && (
        <p className="notice" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
      {!form && problem === null && <div className="sweep-ghost ghost" aria-busy="true" aria-label="Loading the settings" />}
      {form && (
        <div className="sweep">
          <p>Every value is trained with the same seed and the same order of images; nothing else changes.</p>
          {axes.map((each, index) => {
            const field = specs.get(each.field);
            return field && <AxisEditor key={index} name={index === 0 ? "Setting" : "Second setting"} fields={form.fields} field={field} typed={each} mostRuns={form.most_runs} onChange={(next) => change(index, next)} onRemove={() => change(index, null)} />;
          })}
          {axes.length < form.most_axes && (
            <Button size="small" icon="plus" onClick={() => setTyped([...axes, typedFor(unused(form, axes))])}>
              {axes.length === 0 ? "A setting" : "A second setting"}
            </Button>
          )}
          <fieldset className="sweep-seeds">
            <legend>Seeds of each</legend>
            <span className="segments segmented" role="presentation">
              {SEEDS.map((each) => (
                <label key={each}>
                  <input type="radio" name="seeds" checked={each === seeds} onChange={() => setSeeds(each)} />
                  {each}
                </label>
              ))}
            </span>
            <span className="muted small">{seeds === 1 ? `Seed ${form.seed}.` : `Seeds ${form.seed} to ${form.seed + seeds - 1}: how much is luck?`}</span>
          </fieldset>
          <Estimate plan={plan} refused={refused} most={form.most_runs} />
        </div>
      )}
    </Dialog>
  );
}

/** A setting that is not yet swept, the recipe's first. */
function unused({ fields }: SweepForm, axes: readonly Typed[]): SweepField {
  const free = fields.filter(({ field }) => !axes.some((axis) => axis.field === field));
  return free.find(({ field }) => field === "learning_rate") ?? free.find(({ field }) => field === "optimiser") ?? (free[0] as SweepField);
}

function Estimate({ plan, refused, most }: { plan: SweepPlan | null; refused: string | null; most: number }) {
  if (refused !== null) {
    return (
      <p className="notice" data-tone="warn" role="alert">
        {refused}
      </p>
    );
  }
  if (!plan) return <div className="sweep-estimate ghost" aria-busy="true" aria-label="Counting what it costs" />;
  return (
    <section className="sweep-estimate" aria-label="What it costs" aria-live="polite">
      <p className="sweep-total">
        <strong>{plan.runs.length}</strong> of at most {most} runs, <strong title={fullCount(plan.work)}>{workCount(plan.work)}</strong> multiply-adds in all
      </p>
      {plan.words.map((sentence) => (
        <p key={sentence} className="muted small">
          {sentence}
        </p>
      ))}
      <ul className="sweep-runs small" aria-label="Its runs">
        {plan.runs.map((run) => (
          <li key={run.name}>{run.name}</li>
        ))}
      </ul>
    </section>
  );
}

/** Of a whole training: trillions come soon. */
const workCount = (work: number): string => (work < 1e12 ? shortCount(work) : `${(work / 1e12).toPrecision(3)}\u2009T`);

function useForm(experiment: string): { form: SweepForm | null; problem: string | null } {
  const [form, setForm] = useState<SweepForm | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  useEffect(() => {
    const control = new AbortController();
    aboutApi.sweepForm(experiment, control.signal).then(setForm, (error: unknown) => {
      if (!isAbort(error)) setProblem(words(error));
    });
    return () => control.abort();
  }, [experiment]);
  return { form, problem };
}

/** What the sweep would cost, asked again a moment after each change. */
function usePlan(experiment: string, wanted: SweepWanted | null): { plan: SweepPlan | null; refused: string | null; asking: boolean } {
  const key = wanted && JSON.stringify(wanted);
  const [answer, setAnswer] = useState<{ key: string; plan: SweepPlan | null; refused: string | null } | null>(null);
  useEffect(() => {
    if (key === null) return;
    const control = new AbortController();
    const timer = window.setTimeout(() => {
      aboutApi.planSweep(experiment, JSON.parse(key) as SweepWanted, control.signal).then(
        (plan) => setAnswer({ key, plan: plan.problem ? null : plan, refused: plan.problem || null }),
        (error: unknown) => {
          if (!isAbort(error)) setAnswer({ key, plan: null, refused: words(error) });
        },
      );
    }, REST);
    return () => {
      window.clearTimeout(timer);
      control.abort();
    };
  }, [experiment, key]);
  return { plan: answer?.plan ?? null, refused: answer?.refused ?? null, asking: answer?.key !== key };
}
