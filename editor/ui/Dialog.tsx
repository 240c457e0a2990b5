import { type ReactNode, useEffect, useId, useRef } from "react";
import { Button, IconButton } from "./Button";
import { DialogToasts } from "./Toasts";

interface DialogProps {
  title: string;
  onClose: () => void;
  footer?: ReactNode;
  /** Widest, in pixels. */
  width?: number;
  children: ReactNode;
}

/** A native modal dialog: it traps the focus, closes on Escape and gives the focus back. Mounted means open; data-first is focused. */
export function Dialog({ title, onClose, footer, width = 440, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const dialog = ref.current;
    const before = document.activeElement;
    dialog?.showModal();
    (dialog?.querySelector<HTMLElement>("[data-first]") ?? dialog)?.focus();
    return () => {
      dialog?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return (
    // oxlint-disable-next-line jsx-a11y/click-events-have-key-events, jsx-a11y/no-noninteractive-element-interactions -- a press beside the dialog closes it, as Escape does
    <dialog
      ref={ref}
      className="dialog"
      tabIndex={-1}
      style={{ "--dialog-width": `${width}px` } as Record<string, string>}
      aria-labelledby={heading}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
      onClick={(event) => {
        if (event.target === ref.current && outside(event, ref.current)) onClose();
      }}
    >
      <header role="presentation">
        <h2 id={heading}>{title}</h2>
        <IconButton label="Close" icon="close" size="small" onClick={onClose} />
      </header>
      <div className="dialog-body scroll">{children}</div>
      {footer && <footer>{footer}</footer>}
      <DialogToasts />
    </dialog>
  );
}

function outside(event: { clientX: number; clientY: number }, element: HTMLElement) {
  const box = element.getBoundingClientRect();
  return event.clientX < box.left || event.clientX > box.right || event.clientY < box.top || event.clientY > box.bottom;
}

/** A question with one consequence, named by its button. */
export function Confirm(props: { title: string; children: ReactNode; action: string; onConfirm: () => void; onClose: () => void }) {
  const { title, children, action, onConfirm, onClose } = props;
  return (
    <Dialog
      title={title}
      onClose={onClose}
      footer={
        <>
          <Button data-first="" onClick={onClose}>
            Keep it
          </Button>
          <Button look="bad" onClick={onConfirm}>
            {action}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  );
}
