import type { ComponentChildren } from "preact";
import { useErrorBoundary } from "preact/hooks";
import type { Words } from "../../words/words.ts";
import { FailureScreen } from "./failure-screen.tsx";

type Props = { words: () => Words; failed: (error: unknown) => void; children: ComponentChildren };

/** Shows the failure screen in place of children that fail in rendering or in an effect. */
export function Guarded({ words, failed, children }: Props) {
  const [error] = useErrorBoundary(failed);
  return error === undefined ? children : <FailureScreen words={words().failure} error={error} />;
}
