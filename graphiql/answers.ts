/** What the gateway answered to an operation, as far as this page looks into it. */
export interface Answer {
  readonly data?: Readonly<Record<string, { readonly uuid?: string } | null>> | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly permission?: string };
  }[];
}

export interface LastAnswer {
  readonly answer: Answer;
  readonly isSignedIn: boolean;
}

let last: LastAnswer | undefined;
const listeners = new Set<() => void>();

export function reportAnswer(answer: Answer, about: { readonly isSignedIn: boolean }): void {
  last = { answer, ...about };
  for (const listener of listeners) listener();
}

/** For `useSyncExternalStore`. */
export function subscribeToAnswers(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function lastAnswer(): LastAnswer | undefined {
  return last;
}
