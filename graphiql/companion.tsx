import { type ReactNode, useSyncExternalStore } from 'react';
import { type LastAnswer, lastAnswer, subscribeToAnswers } from './answers.ts';
import { useCreatedScript, useLineBreaks, useSameHeaders } from './use-editor-comforts.ts';

const hint = (
  <span className="gateway-hint">
    The pink button runs an operation. What the gateway answers stands here.
  </span>
);

/** The line below the response: why the gateway refused, and what to do about it. */
export function Companion() {
  const last = useSyncExternalStore(subscribeToAnswers, lastAnswer);
  useCreatedScript(last);
  useLineBreaks();
  useSameHeaders();
  const advice = last === undefined ? hint : adviceOn(last);
  return advice ? (
    <div className="gateway-advice" role="status">
      {advice}
    </div>
  ) : null;
}

function adviceOn({ answer, isSignedIn }: LastAnswer): ReactNode {
  const codes = new Set(answer.errors?.map(({ extensions }) => extensions?.code));
  if (codes.has('UNAUTHENTICATED')) {
    return isSignedIn ? (
      <>
        <b>The token is not valid.</b> It may have expired or been revoked, or a part of it is missing under
        Headers.
      </>
    ) : (
      <>
        <b>You are signed out.</b> The documentation is open to all; scripts are only for those who hold a
        permission. Paste your token behind <code>Bearer</code> under Headers.
      </>
    );
  }
  const refusal = answer.errors?.find(({ extensions }) => extensions?.code === 'FORBIDDEN');
  if (refusal === undefined) return undefined;
  const permission = refusal.extensions?.permission ?? '';
  return (
    <>
      <b>You lack the permission</b> <code>{permission}</code>. <code>WhoAmI</code> shows what you hold. An
      administrator grants it with <code>npx dtrace-gateway users grant NAME '{permission}'</code>.
    </>
  );
}
