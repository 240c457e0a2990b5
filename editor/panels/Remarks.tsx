import { useUi } from "../store/ui";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";

/** What a file of another format could not bring along, said once after it was opened. */
export function Remarks() {
  const remarks = useUi((state) => state.remarks);
  const close = () => useUi.setState({ remarks: null });
  if (!remarks) return null;
  return (
    <Dialog title={`Opened ${remarks.file}`} onClose={close} width={520} footer={<Button look="main" data-first="" onClick={close}>Go on</Button>}>
      <p>Some of it is drawn in another way here, or left out:</p>
      <ul className="remarks">
        {remarks.lines.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
    </Dialog>
  );
}
