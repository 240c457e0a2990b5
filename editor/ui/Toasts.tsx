import { useEffect, useId } from "react";
import { dismissToast, type Toast, useUi } from "../store/ui";
import { Button, IconButton } from "./Button";
import { Icon } from "./Icon";

const SHOWN = 6000; // ms a message without an action stays

/** Short messages at the foot of the page, read out as they appear. */
export function Toasts() {
  return <Messages shown={useUi((state) => state.dialogs.length === 0)} />;
}

/** The same within a modal dialog: what stands behind an open one can be neither read nor pressed. */
export function DialogToasts() {
  const id = useId();
  useEffect(() => {
    useUi.setState(({ dialogs }) => ({ dialogs: [...dialogs, id] }));
    return () => useUi.setState(({ dialogs }) => ({ dialogs: dialogs.filter((other) => other !== id) }));
  }, [id]);
  return <Messages shown={useUi((state) => state.dialogs.at(-1) === id)} />;
}

function Messages({ shown }: { shown: boolean }) {
  const toasts = useUi((state) => state.toasts);
  return (
    <div className="toasts" role="status" aria-live="polite">
      {shown && toasts.map((toast) => <Line key={toast.id} toast={toast} />)}
    </div>
  );
}

function Line({ toast }: { toast: Toast }) {
  const { id, message, tone, action, stays } = toast;
  useEffect(() => {
    if (stays) return;
    const timer = window.setTimeout(() => dismissToast(id), action ? SHOWN * 1.5 : SHOWN);
    return () => window.clearTimeout(timer);
  }, [id, action, stays]);
  return (
    <div className="toast" data-tone={tone}>
      <Icon name={tone === "plain" ? "info" : "warn"} />
      <p>{message}</p>
      {action && (
        <Button
          size="small"
          onClick={() => {
            dismissToast(id);
            action.onPress();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton label="Close" icon="close" size="small" onClick={() => dismissToast(id)} />
    </div>
  );
}
