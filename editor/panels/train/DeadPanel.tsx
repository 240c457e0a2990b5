import { useRef, useState } from "react";
import { CanvasChart } from "../../charts/CanvasChart";
import { deadHeight, type DeadRow, MOST_HEIGHT, paintDeadRows, unitAt } from "../../charts/dead_rows";
import { percent, whole } from "../../charts/words";
import type { RunSession } from "../../live/session";
import type { TimeView } from "../../live/view";
import { useBeat } from "../../live/use_beat";
import { choose, useRun } from "../../store/run";
import { DEFINITIONS } from "./definitions";
import { deadSheet } from "./dead_sheet";
import { nothingYet } from "./nothing";
import { DataTable, PanelHead } from "./PanelHead";
import { placeTip } from "./place_tip";
import { cameBack, firstSince, layerWords, unitRows, unitWords } from "./unit_words";

/** A table of more units than this is no longer read. */
const MOST_UNITS = 400;

/** The count of the cells that are drawn, so that both say the same: rows are sampled, and may be older. Under the pointer, the row there. */
function deadNow({ live, inside }: RunSession, view: TimeView, layer: string): number {
  const which = view.hover === null ? inside.units.get(layer)?.dead : undefined;
  return which ? which.reduce((sum, flag) => sum + flag, 0) : live.value("dead", layer, view.shown);
}

interface PanelProps {
  session: RunSession;
  view: TimeView;
  warned: ReadonlySet<string>;
}

/** Which units of each ReLU are dead, how many, since when, and the share of zeros. */
export function DeadPanel({ session, view, warned }: PanelProps) {
  const { live } = session;
  const rectified = useRun((state) => state.layers.rectified);
  const ready = useRun((state) => state.ready);
  const run = useRun((state) => state.run);
  const [table, setTable] = useState(false);
  const tip = useRef<HTMLDivElement>(null);
  useBeat(500);
  const rows = (): DeadRow[] =>
    rectified.map((layer) => ({
      name: layer.name,
      units: layer.units,
      dead: deadNow(session, view, layer.id),
      zeros: live.value("zero_fraction", layer.id, view.shown),
      which: session.inside.units.get(layer.id)?.dead ?? null,
      past: session.inside.units.get(layer.id)?.past ?? null,
      series: live.series("dead", layer.id),
      warned: warned.has(layer.id),
    }));
  const now = rows();
  const dead = now.reduce((sum, row) => sum + (Number.isNaN(row.dead) ? 0 : row.dead), 0);
  const units = now.reduce((sum, row) => sum + row.units, 0);
  const window = live.started?.dead_window ?? 100;
  const summary = `${whole(dead)} of ${whole(units)} units are dead`;
  const least = deadHeight(rectified.length, 0);
  return (
    <section className="chart-panel" aria-label="Dead ReLU">
      <PanelHead
        title="Dead ReLU"
        definition={DEFINITIONS.dead.replace("{window}", whole(window))}
        fact={units > 0 ? <>{`${whole(dead)} of ${whole(units)} units`}</> : null}
        table={table}
        onTable={setTable}
        sheet={() => deadSheet(live, rectified)}
      />
      {table ? (
        <DeadTables rows={now} />
      ) : units === 0 ? (
        <p className="panel-empty">{ready && live.started ? "This network has no ReLU, so no unit can die." : nothingYet(run)}</p>
      ) : (
        <div className="dead-list">
          <div className="dead-head" aria-hidden="true">
            <span>zeros</span>
            <span>dead</span>
          </div>
          <div className="scroll dead-scroll">
            <CanvasChart
              summary={summary}
              style={{ minHeight: least }}
              stamp={() => `${live.table("layers")?.version} ${session.inside.version} ${session.still ? 1 : 0} ${view.shown} ${view.range.join(" ")} ${Array.from(warned).join()}`}
              paint={(context, width, height) => paintDeadRows(context, width, height, rows(), view.range)}
              onPoint={(x, y, width, height) => {
                const found = unitAt(rows(), x, y, width, height);
                if (!tip.current) return;
                if (!found) tip.current.hidden = true;
                else placeTip(tip.current, found.unit === null ? layerWords(found.row) : `${found.row.name}, ${unitWords(found.unit, found.row.which ? found.row.which[found.unit] === 1 : null, found.row.past)}`, x, y, width, height);
              }}
              onLeave={() => {
                if (tip.current) tip.current.hidden = true;
              }}
              onPress={(_, y, __, height) => {
                const row = Math.floor(y / Math.min(MOST_HEIGHT, height / rectified.length));
                const layer = rectified[row];
                if (layer) choose(layer.id);
              }}
            >
              <div ref={tip} className="chart-tip" hidden />
            </CanvasChart>
          </div>
        </div>
      )}
    </section>
  );
}

/** By layer, then each unit that is dead or once was. */
function DeadTables({ rows }: { rows: DeadRow[] }) {
  const units = unitRows(rows, MOST_UNITS);
  return (
    <div className="dead-tables">
      <DataTable
        caption="Dead units by layer"
        head={["Layer", "Units", "Dead", "Share", "Zeros", "First since", "Came back"]}
        rows={rows.map((row) => {
          const first = firstSince(row.past);
          return [row.name, whole(row.units), whole(row.dead), percent(row.dead / row.units), percent(row.zeros), first === null ? "–" : whole(first), whole(cameBack(row.past))];
        })}
      />
      {units.length > 0 && <DataTable caption="Units that are dead or came back" head={["Layer", "Unit", "Now", "Dead since", "Last came back", "Times"]} rows={units} />}
    </div>
  );
}
