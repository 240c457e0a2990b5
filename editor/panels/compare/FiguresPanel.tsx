import { Fragment, useState } from "react";
import { copyText, saveText } from "../../actions/handing";
import { type Cell as FileCell, csvText } from "../../charts/save_chart";
import { whole } from "../../charts/words";
import type { Cell, ComparedRow } from "../../generated/types";
import { IconButton } from "../../ui/Button";
import { Menu } from "../../ui/Menu";
import { bestOf, differenceWords, markdownText, orderBy, toneOf, valueWords } from "./cells";
import { RunTitle } from "./RunTitle";
import type { Shown } from "./view";

const GROUPS: Record<ComparedRow["group"], string> = { results: "Results", inside: "Inside, at the end", cost: "Cost", recipe: "Recipe", network: "Network" };
const NOTHING: Cell = { value: null, words: null, step: null };

interface FiguresPanelProps {
  rows: readonly ComparedRow[];
  runs: readonly Shown[];
}

/** Final and best figures, costs and settings: a column for each run, the one that others are held against first. */
export function FiguresPanel({ rows, runs }: FiguresPanelProps) {
  const [onlyDifferent, setOnlyDifferent] = useState(false);
  const [sort, setSort] = useState<{ id: string; falls: boolean } | null>(null);
  const shown = runs.flatMap((run, place) => (run.hidden ? [] : [place]));
  const places = orderBy(rows.find((row) => row.id === sort?.id), sort?.falls ?? false, shown);
  const same = (row: ComparedRow) => shown.every((place) => JSON.stringify(plain(row.cells[place])) === JSON.stringify(plain(row.cells[shown[0] ?? 0])));
  const differing = new Set(rows.filter((row) => !same(row)));
  const kept = onlyDifferent ? rows.filter((row) => differing.has(row)) : rows;
  const pair = places.length === 2 ? (places as [number, number]) : null;
  const press = (id: string) => setSort((before) => (before?.id !== id ? { id, falls: false } : before.falls ? null : { id, falls: true }));
  return (
    <section className="compare-panel compare-figures" aria-label="Figures and settings">
      <header className="panel-head">
        <h2>Figures and settings</h2>
        <span className="panel-fact">{`${differing.size} of ${rows.length} differ`}</span>
        <button type="button" className="compare-switch" aria-pressed={onlyDifferent} onClick={() => setOnlyDifferent(!onlyDifferent)}>
          Only differences
        </button>
        <Menu label="Copy or save the table" align="end" items={filesOf(kept, runs, places)}>
          <IconButton label="Copy or save the table" icon="dots" size="small" />
        </Menu>
      </header>
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the region scrolls, so the keyboard must be able to reach it */}
      <div className="scroll compare-table" role="region" aria-label="Table: figures and settings" tabIndex={0}>
        <table>
          <caption className="unseen">Figures and settings of the runs</caption>
          <thead>
            <tr>
              <th scope="col">
                <span className="unseen">Figure</span>
              </th>
              {places.map((place) => {
                const run = runs[place] as Shown;
                return (
                  <th key={run.id} scope="col" title={`${run.name}, run ${run.number}`}>
                    <span className="run-head">
                      <b style={{ color: `var(--${run.look.token})` }}>{run.letter}</b>
                      <RunTitle name={run.name} />
                      <small>{run.number}</small>
                    </span>
                  </th>
                );
              })}
              {pair && <th scope="col">{`${runs[pair[1]]?.letter} − ${runs[pair[0]]?.letter}`}</th>}
            </tr>
          </thead>
          <tbody>
            {kept.map((row, index) => (
              <Fragment key={row.id}>
                {row.group !== kept[index - 1]?.group && (
                  <tr className="compare-group">
                    <th scope="rowgroup" colSpan={places.length + (pair ? 2 : 1)}>
                      {GROUPS[row.group]}
                    </th>
                  </tr>
                )}
                <Row row={row} places={places} pair={pair} same={!differing.has(row)} sorted={sort?.id === row.id ? (sort.falls ? "descending" : "ascending") : null} onSort={() => press(row.id)} />
              </Fragment>
            ))}
          </tbody>
        </table>
        {kept.length === 0 && <p className="panel-empty">{rows.length === 0 ? "There are no figures yet." : "These runs have everything alike."}</p>}
      </div>
    </section>
  );
}

const plain = (cell: Cell | undefined) => [cell?.value ?? null, cell?.words ?? null];

interface RowProps {
  row: ComparedRow;
  places: readonly number[];
  pair: [number, number] | null;
  same: boolean;
  sorted: "ascending" | "descending" | null;
  onSort: () => void;
}

function Row({ row, places, pair, same, sorted, onSort }: RowProps) {
  const best = bestOf(row, places);
  const first = row.cells[places[0] ?? 0] ?? NOTHING;
  const other = pair ? (row.cells[pair[1]] ?? NOTHING) : NOTHING;
  return (
    <tr data-same={same || undefined}>
      <th scope="row" title={row.help || undefined}>
        <button type="button" className="compare-sort" aria-pressed={sorted !== null} onClick={onSort} title="Sorts the runs by this row">
          {row.label}
          {sorted && <span aria-label={`, runs ${sorted}`}>{sorted === "ascending" ? " →" : " ←"}</span>}
        </button>
      </th>
      {places.map((place) => {
        const cell = row.cells[place] ?? NOTHING;
        return (
          <td key={place} data-best={place === best || undefined} data-words={row.kind === "words" || undefined}>
            {valueWords(row.kind, cell)}
            {place === best && <span className="unseen"> (best)</span>}
            {cell.step !== null && <small>{`step ${whole(cell.step)}`}</small>}
          </td>
        );
      })}
      {pair && (
        <td className="compare-difference" data-tone={toneOf(row, first, other) ?? undefined}>
          {differenceWords(row.kind, first, other)}
        </td>
      )}
    </tr>
  );
}

function filesOf(rows: readonly ComparedRow[], runs: readonly Shown[], places: readonly number[]) {
  const head = ["", ...places.map((place) => `${runs[place]?.letter} ${runs[place]?.name}, run ${runs[place]?.number}`)];
  const written = () => rows.map((row) => [row.label, ...places.map((place) => valueWords(row.kind, row.cells[place] ?? NOTHING))]);
  const raw = (): FileCell[][] => rows.map((row) => [row.label, ...places.map((place): FileCell => row.cells[place]?.value ?? row.cells[place]?.words ?? null)]);
  return [
    { label: "Copy as Markdown", icon: "copy" as const, onSelect: () => void copyText(markdownText(head, written()), "The table is on the clipboard, as Markdown.") },
    { label: "Copy as CSV", icon: "copy" as const, onSelect: () => void copyText(csvText(head, raw()), "The table is on the clipboard, as CSV.") },
    { label: "Save as CSV", icon: "download" as const, onSelect: () => saveText(csvText(head, raw()), "comparison.csv", "text/csv") },
  ];
}
