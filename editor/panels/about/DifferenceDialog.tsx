import { type ReactNode, useEffect, useState } from "react";
import type { Analysis, DifferenceView, FieldChange } from "../../generated/types";
import { aboutApi, type Side } from "../../net/about";
import { isAbort, words } from "../../net/errors";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { analysisOf } from "../home/cardAnalyses";
import { DifferenceFigure, DifferenceLegend } from "./DifferenceFigure";

interface Props {
  before: Side;
  after: Side;
  onClose: () => void;
  /** What can be done about it. */
  action?: ReactNode;
}

interface Found {
  view: DifferenceView;
  before: Analysis | null;
  after: Analysis | null;
}

/** The difference of two experiments or versions: one drawing, its blocks and the recipe in tables. */
export function DifferenceDialog({ before, after, onClose, action }: Props) {
  const { found, problem } = useDifference(before, after);
  return (
    <Dialog
      title={found ? titleOf(found.view) : "What differs"}
      width={1120}
      onClose={onClose}
      footer={
        <>
          {action}
          <Button data-first="" onClick={onClose}>
            Close
          </Button>
        </>
      }
    >
      {problem !== null && (
        <p className="notice" data-tone="bad" role="alert">
          {problem}
        </p>
      )}
      {found ? <Shown found={found} /> : problem === null && <div className="difference-ghost ghost" aria-busy="true" aria-label="Comparing" />}
    </Dialog>
  );
}

function titleOf({ before, after }: DifferenceView): string {
  if (before.experiment === after.experiment) return before.version === after.version ? `Version ${after.version} and now` : `Version ${before.version} to version ${after.version}`;
  return `${before.name} to ${after.name}`;
}

function Shown({ found: { view, before, after } }: { found: Found }) {
  const nothing = view.words === "No change";
  const blocks = view.difference.matches.filter((match) => match.changes.length > 0);
  return (
    <div className="difference">
      <div className="difference-head">
        <p className="difference-words">{nothing ? "Network and recipe are the same." : `${view.words}.`}</p>
        <p className="muted small">Blocks: {view.blocks}.</p>
        <DifferenceLegend />
      </div>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- a long drawing is scrolled with the keyboard too */}
      <div className="difference-frame scroll" tabIndex={0} role="group" aria-label="Both networks in one drawing">
        <DifferenceFigure view={view} before={before} after={after} />
      </div>
      <div className="difference-tables">
        <section aria-label="Blocks that differ">
          <h3 className="group-name">Network</h3>
          {blocks.length + view.difference.added.length + view.difference.removed.length === 0 ? (
            <p className="muted">{view.difference.wires_added.length > 0 ? "Only wires differ." : "The same blocks with the same settings."}</p>
          ) : (
            <Changes caption="Blocks that differ" groups={blocks.map(({ after: id, label, changes }) => ({ key: id, name: blocks.filter((each) => each.label === label).length > 1 ? `${label} (${id})` : label, changes }))} names={[sideName(view.before, view), sideName(view.after, view)]}>
              {view.difference.removed.map((block) => (
                <Whole key={`-${block.id}`} name={block.label} mark="removed" />
              ))}
              {view.difference.added.map((block) => (
                <Whole key={`+${block.id}`} name={block.label} mark="added" />
              ))}
            </Changes>
          )}
        </section>
        <section aria-label="Settings of the recipe that differ">
          <h3 className="group-name">Recipe</h3>
          {view.recipe.length === 0 ? (
            <p className="muted">The same recipe, with the same seed.</p>
          ) : (
            <Changes caption="Settings of the recipe that differ" groups={[{ key: "recipe", name: "", changes: view.recipe }]} names={[sideName(view.before, view), sideName(view.after, view)]} />
          )}
        </section>
      </div>
    </div>
  );
}

const sideName = (side: DifferenceView["before"], { before, after }: DifferenceView): string => (before.experiment === after.experiment ? `Version ${side.version}` : side.name);

interface Group {
  key: string;
  name: string;
  changes: FieldChange[];
}

function Changes({ caption, groups, names, children }: { caption: string; groups: Group[]; names: [string, string]; children?: ReactNode }) {
  return (
    <table className="difference-table">
      <caption className="unseen">{caption}</caption>
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">Setting</span>
          </th>
          <th scope="col">{names[0]}</th>
          <th scope="col">{names[1]}</th>
        </tr>
      </thead>
      <tbody>
        {groups.flatMap((group) =>
          group.changes.map((change) => (
            <tr key={`${group.key} ${change.name}`} data-mark={group.name ? "changed" : undefined}>
              <th scope="row">
                {group.name && <span className="difference-block">{group.name} </span>}
                {group.name && change.name === "block" ? "" : group.name ? change.label.toLowerCase() : change.label}
              </th>
              <td>{change.before_words}</td>
              <td>{change.after_words}</td>
            </tr>
          )),
        )}
        {children}
      </tbody>
    </table>
  );
}

function Whole({ name, mark }: { name: string; mark: "added" | "removed" }) {
  return (
    <tr data-mark={mark}>
      <th scope="row">
        <span className="difference-block">{name}</span>
      </th>
      <td>{mark === "removed" ? "removed" : "–"}</td>
      <td>{mark === "added" ? "added" : "–"}</td>
    </tr>
  );
}

function useDifference(before: Side, after: Side): { found: Found | null; problem: string | null } {
  const [found, setFound] = useState<Found | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const key = JSON.stringify([before, after]);
  useEffect(() => {
    const control = new AbortController();
    const [one, other] = JSON.parse(key) as [Side, Side];
    const load = async () => {
      const view = await aboutApi.difference(one, other, control.signal);
      const analysed = ({ network }: DifferenceView["before"]) => analysisOf(network, JSON.stringify(network), control.signal);
      const [first, second] = await Promise.all([analysed(view.before), analysed(view.after)]);
      setFound({ view, before: first, after: second });
    };
    load().catch((error: unknown) => {
      if (!isAbort(error)) setProblem(words(error));
    });
    return () => control.abort();
  }, [key]);
  return { found, problem };
}
