import type { RefObject } from "react";
import { copyText, saveBlob, saveText } from "../../actions/handing";
import { csvText, tabText } from "../../charts/save_chart";
import { fileName, type Sheet } from "../../charts/sheet";
import { words } from "../../net/errors";
import { useRun } from "../../store/run";
import { toast } from "../../store/ui";
import { IconButton } from "../../ui/Button";
import { Menu, type MenuItem } from "../../ui/Menu";

interface PanelMenuProps {
  title: string;
  /** The panel is the section around it. */
  head: RefObject<HTMLElement | null>;
  table: boolean;
  onTable?: ((table: boolean) => void) | undefined;
  sheet?: (() => Sheet | null) | undefined;
}

/** The chart as a table, on the clipboard, as CSV and as PNG. */
export function PanelMenu({ title, head, table, onTable, sheet }: PanelMenuProps) {
  const run = useRun((state) => state.run);
  const name = title.toLowerCase();
  const file = fileName(run ? `${run.name} run ${run.number} ${title}` : title);
  const tell = (error: unknown) => toast(words(error), { tone: "bad" });
  const withSheet = (use: (head: string[], sheet: Sheet) => void) => () => {
    const made = sheet?.();
    if (made) use(made.columns.map((column) => column.head), made);
    else toast("There are no numbers yet.", { tone: "warn" });
  };
  const copy = withSheet((columns, { rows }) => void copyText(tabText(columns, rows), "The table is on the clipboard."));
  const picture = () => {
    const panel = head.current?.closest("section");
    if (!panel) return;
    const fact = panel.querySelector(".panel-fact")?.textContent ?? "";
    import("../../charts/panel_picture").then(({ pictureOf }) => pictureOf(panel, title, fact)).then((blob) => saveBlob(blob, `${file}.png`), tell);
  };
  const items: MenuItem[] = [
    ...(onTable ? [{ label: table ? "Show the drawing" : "Show the table", icon: "table" as const, onSelect: () => onTable(!table) }] : []),
    ...(sheet
      ? [
          { label: "Copy the table", icon: "copy" as const, onSelect: copy },
          { label: "Save as CSV", icon: "download" as const, onSelect: withSheet((columns, { rows }) => saveText(csvText(columns, rows), `${file}.csv`, "text/csv")) },
        ]
      : []),
    { label: "Save as PNG", icon: "image", blocked: table ? "Go back to the drawing first" : null, onSelect: picture },
  ];
  return (
    <Menu label={`${title}: table and files`} align="end" items={items}>
      <IconButton label={`${title}: table, copy, save`} icon={table ? "table" : "dots"} size="small" data-table={table || undefined} data-of={name} />
    </Menu>
  );
}
