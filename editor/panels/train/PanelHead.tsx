import { type ReactNode, useRef } from "react";
import { type Sheet, type SheetColumn, sampled, sayCell } from "../../charts/sheet";
import { whole } from "../../charts/words";
import { Icon } from "../../ui/Icon";
import { Tooltip } from "../../ui/Tooltip";
import { PanelMenu } from "./PanelMenu";

interface PanelHeadProps {
  title: string;
  definition: string;
  fact?: ReactNode;
  /** The table stands in place of the drawing. */
  table?: boolean;
  onTable?: ((table: boolean) => void) | undefined;
  /** The numbers behind the drawing, for the clipboard and for files; null while there are none. */
  sheet?: (() => Sheet | null) | undefined;
  children?: ReactNode;
}

/** Title, what the numbers mean, one fact at the right, and the menu with the table and the files. */
export function PanelHead({ title, definition, fact, table = false, onTable, sheet, children }: PanelHeadProps) {
  const head = useRef<HTMLElement>(null);
  return (
    <header ref={head} className="panel-head">
      <h2>{title}</h2>
      <Tooltip text={definition}>
        <button type="button" className="explain" aria-label={`What ${title.toLowerCase()} means`}>
          <Icon name="info" />
        </button>
      </Tooltip>
      <span className="panel-fact">{fact}</span>
      {children}
      {(onTable || sheet) && <PanelMenu title={title} head={head} table={table} onTable={onTable} sheet={sheet} />}
    </header>
  );
}

/** Words left, numbers right. */
export function DataTable({ caption, head, rows }: { caption: string; head: string[]; rows: string[][] }) {
  return (
    // The region scrolls, so the keyboard must be able to reach it.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="scroll data-table" role="region" aria-label={`Table: ${caption}`} tabIndex={0}>
      <table>
        <caption className="unseen">{caption}</caption>
        <thead>
          <tr>
            {head.map((cell, index) => (
              <th key={`${index} ${cell}`} scope="col">
                {cell}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, row) => (
            <tr key={`${row} ${cells[0]}`}>
              {cells.map((cell, index) =>
                index === 0 ? (
                  <th key={`${index} ${head[index]}`} scope="row">
                    {cell}
                  </th>
                ) : (
                  <td key={`${index} ${head[index]}`}>{cell}</td>
                ),
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Most rows of a table that the page shows; the copy and the file have all. */
const MOST_ROWS = 200;

/** A sheet as a table, the newest rows first where they are steps. */
export function SheetTable({ sheet, newestFirst = false }: { sheet: Sheet; newestFirst?: boolean }) {
  const rows = sampled(sheet.rows, MOST_ROWS).map((cells) => cells.map((cell, index) => sayCell(cell, sheet.columns[index] as SheetColumn)));
  const all = sheet.rows.length <= MOST_ROWS;
  const caption = all ? sheet.title : `${sheet.title}, ${MOST_ROWS} of ${whole(sheet.rows.length)} rows`;
  return (
    <div className="sheet-table">
      <DataTable caption={caption} head={sheet.columns.map((column) => column.brief ?? column.head)} rows={newestFirst ? rows.toReversed() : rows} />
      {!all && <p className="sheet-note">{`${MOST_ROWS} of ${whole(sheet.rows.length)} rows; the copy and the CSV file have all.`}</p>}
    </div>
  );
}
