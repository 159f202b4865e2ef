import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";
import type { Words } from "../../words/words.ts";
import { FailureScreen } from "../failure-screen.tsx";

type Props = { words: () => Words; failed: (error: unknown) => void; children: ComponentChildren };

/** What fails while it is shown, or in an effect of a component, is replaced by a screen that says so. */
export function Guarded({ words, failed, children }: Props) {
  const [error] = useErrorBoundary(failed);
  return error === undefined ? children : <FailureScreen words={words().failure} error={error} />;
}
