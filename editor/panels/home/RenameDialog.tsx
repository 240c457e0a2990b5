import { useState } from "react";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";

export function RenameDialog({ name, onClose, onRename }: { name: string; onClose: () => void; onRename: (name: string) => void }) {
  const [text, setText] = useState(name);
  const trimmed = text.trim();
  const keep = () => {
    if (!trimmed) return;
    if (trimmed !== name) onRename(trimmed);
    onClose();
  };
  return (
    <Dialog
      title="Rename"
      width={400}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="main" blocked={trimmed ? null : "Give it a name"} onClick={keep}>
            Rename
          </Button>
        </>
      }
    >
      <form onSubmit={(event) => { event.preventDefault(); keep(); }}>
        <label className="box" data-align="start" style={{ height: 36 }}>
          <input aria-label="Name" data-first="" maxLength={120} value={text} onChange={(event) => setText(event.target.value)} onFocus={(event) => event.target.select()} />
        </label>
      </form>
    </Dialog>
  );
}
