import { useState } from "react";
import type { AboutView } from "../../generated/types";
import { api } from "../../net/api";
import { words } from "../../net/errors";
import { toast } from "../../store/ui";
import { Button } from "../../ui/Button";

const LONGEST = 20_000;

/** What somebody wrote about the experiment, as Markdown; the site makes it harmless HTML. */
export function Notes({ view, refresh }: { view: AboutView; refresh: () => Promise<void> }) {
  const { experiment } = view;
  const [text, setText] = useState<string | null>(null);
  const [saving, setSaving] = useState(false);
  const keep = async () => {
    if (text === null || saving) return;
    setSaving(true);
    try {
      await api.updateExperiment(experiment.id, { version: experiment.version, notes: text });
      await refresh();
      setText(null);
    } catch (error) {
      toast(words(error), { tone: "bad" });
    }
    setSaving(false);
  };
  if (text !== null) {
    return (
      <form
        className="about-notes-form"
        onSubmit={(event) => {
          event.preventDefault();
          void keep();
        }}
      >
        {/* oxlint-disable-next-line jsx-a11y/no-autofocus -- it was asked for by a press */}
        <textarea aria-label="Notes, in Markdown" autoFocus rows={10} maxLength={LONGEST} value={text} onChange={(event) => setText(event.target.value)} onKeyDown={(event) => {
          if (event.key === "Escape") setText(null);
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) void keep();
        }} />
        <p className="about-notes-foot">
          <span className="muted small">Markdown: **bold**, *italic*, - lists, [links](https://…), tables.</span>
          <Button size="small" onClick={() => setText(null)}>
            Cancel
          </Button>
          <Button size="small" look="main" type="submit" blocked={saving ? "Saving" : null}>
            Save notes
          </Button>
        </p>
      </form>
    );
  }
  return (
    <>
      {view.notes_html ? (
        // oxlint-disable-next-line react/no-danger -- cleaned by the site against a list of what may stand
        <div className="about-notes" dangerouslySetInnerHTML={{ __html: view.notes_html }} />
      ) : (
        <p className="about-empty">{experiment.mine ? "No notes yet. What is the question, what did you expect, what came out?" : "No notes."}</p>
      )}
      {experiment.mine && (
        <Button size="small" icon="pencil" onClick={() => setText(experiment.notes)}>
          {view.notes_html ? "Edit notes" : "Write notes"}
        </Button>
      )}
    </>
  );
}
