import { pick, useGraphiQL } from '@graphiql/react';
import { useEffect, useRef } from 'react';
import type { LastAnswer } from './answers.ts';

/** Breaks long lines, so that nothing has to be scrolled sideways: comments, and tokens above all. */
export function useLineBreaks(): void {
  const editors = useGraphiQL(pick('queryEditor', 'headerEditor', 'variableEditor', 'responseEditor'));
  const { queryEditor, headerEditor, variableEditor, responseEditor } = editors;
  useEffect(() => {
    for (const editor of [queryEditor, headerEditor, variableEditor, responseEditor]) {
      editor?.updateOptions({ wordWrap: 'on' });
    }
  }, [queryEditor, headerEditor, variableEditor, responseEditor]);
}

/** Lets `$uuid` stand for the script that has just been created. */
export function useCreatedScript(last: LastAnswer | undefined): void {
  const editor = useGraphiQL(({ variableEditor }) => variableEditor);
  const uuid = last?.answer.data?.createDtraceScript?.uuid;
  useEffect(() => {
    if (editor === undefined || uuid === undefined) return;
    editor.setValue(editor.getValue().replace(/("uuid"\s*:\s*)"[^"]*"/, `$1"${uuid}"`));
  }, [editor, uuid]);
}

/** Begins a new tab with the headers of the tab before it: one signs in once. */
export function useSameHeaders(): void {
  const { headerEditor, tabs, activeTabIndex } = useGraphiQL(pick('headerEditor', 'tabs', 'activeTabIndex'));
  const count = useRef(tabs.length);
  useEffect(() => {
    const isAdded = tabs.length > count.current;
    count.current = tabs.length;
    const headers = tabs[activeTabIndex - 1]?.headers;
    if (isAdded && headers) headerEditor?.setValue(headers);
  }, [headerEditor, tabs, activeTabIndex]);
}
