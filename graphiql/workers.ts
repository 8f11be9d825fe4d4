/** Where the build put each worker of the editor. */
declare const WORKER_URLS: Readonly<Record<'editor' | 'graphql' | 'json', string>>;

// The editor asks here for its workers. From files of the gateway, so that no `blob:` is needed.
Object.assign(globalThis, {
  MonacoEnvironment: {
    getWorker: (_id: string, label: string) => {
      const url = label === 'graphql' || label === 'json' ? WORKER_URLS[label] : WORKER_URLS.editor;
      return new Worker(url, { type: 'module', name: label });
    },
  },
});
