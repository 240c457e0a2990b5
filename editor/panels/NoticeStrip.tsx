import { stepNotice } from "../actions/notices";
import { nameOf } from "../actions/session";
import type { Numbered } from "../canvas/notices";
import { useStore } from "../store";
import { Icon } from "../ui/Icon";

/** How much there is to say about the network, and the way through it one by one. Errors are spoken as they appear. */
export function NoticeStrip({ notices }: { notices: Numbered[] }) {
  const problem = useStore((state) => state.analysisProblem);
  const errors = notices.filter(({ notice }) => notice.level === "error");
  const rest = notices.length - errors.length;
  const words = [errors.length > 0 && count(errors.length, "error"), rest > 0 && count(rest, "notice")].filter(Boolean).join(", ");
  return (
    <div className="notice-strip">
      {words && (
        <button type="button" className="chip" data-tone={errors.length > 0 ? "bad" : "warn"} onClick={() => stepNotice(1)} title="Go to the next (N)">
          <Icon name="warn" />
          {words}
        </button>
      )}
      {problem && (
        <p className="notice" data-tone="bad">
          {problem.path && !problem.message.includes(problem.path) && <code>{problem.path} </code>}
          {problem.message}
        </p>
      )}
      <p className="unseen" role="status" aria-live="polite">
        {errors[0] && `${errors[0].notice.node ? `${nameOf(errors[0].notice.node)}: ` : ""}${errors[0].notice.message} ${errors[0].notice.hint}`}
      </p>
    </div>
  );
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? "" : "s"}`;
