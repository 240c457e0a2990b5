import { useState } from "react";
import type { LinkWanted } from "../../net/sharing";
import { Button } from "../../ui/Button";
import { Select } from "../../ui/Select";
import { EXPIRIES } from "./shareWords";

interface Props {
  run: { id: string; number: number } | null;
  busy: boolean;
  onMake: (wanted: LinkWanted) => void;
}

/** What a new link opens, for how long, and for whom. */
export function MakeLink({ run, busy, onMake }: Props) {
  const [whole, setWhole] = useState(true);
  const [days, setDays] = useState("");
  const [note, setNote] = useState("");
  const make = () => {
    if (busy) return;
    onMake({ run: whole || !run ? null : run.id, days: days === "" ? null : Number(days), note: note.trim() });
    setNote("");
  };
  return (
    <form
      className="share-make"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      {run && (
        <Select
          aria-label="What it opens"
          value={whole ? "all" : "run"}
          options={[
            { value: "all", label: "All runs" },
            { value: "run", label: `Run ${run.number} only` },
          ]}
          onChoose={(value) => setWhole(value === "all")}
        />
      )}
      <Select aria-label="For how long" value={days} options={EXPIRIES} onChoose={setDays} />
      <label className="box share-note" data-align="start">
        <input aria-label="For whom" placeholder="For whom? Only you read it" maxLength={80} value={note} onChange={(event) => setNote(event.target.value)} />
      </label>
      <Button look="main" type="submit" icon="plus" blocked={busy ? "One moment" : null}>
        Make a link
      </Button>
    </form>
  );
}
