/** What a page begins with; written by the build, beside the files that it names. */
export interface GraphiqlManifest {
  readonly script: string;
  readonly style: string;
  /** Scripts that `script` will ask for, so that the browser fetches them all at once. */
  readonly preload: readonly string[];
  /** Every file that may be asked for. */
  readonly files: readonly string[];
}

const icon =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='7' fill='%23d60590'/%3E%3Cpath d='M6 20h6l4-12 4 18 3-6h3' fill='none' stroke='white' stroke-width='3'/%3E%3C/svg%3E";

/**
 * The page that shows GraphiQL. It holds no script and no style of its own, so that the policy need not allow any.
 *
 * @param folder - the address under which the files of the manifest are served
 */
export function renderGraphiqlPage(
  { script, style, preload }: GraphiqlManifest,
  folder: string,
  options: { readonly introspection: boolean },
): string {
  const preloads = preload.map((file) => `<link rel="modulepreload" href="${folder}${file}">`);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>DTrace gateway</title>
<link rel="icon" href="${icon}">
<link rel="stylesheet" href="${folder}${style}">
${preloads.join('\n')}
<script type="module" src="${folder}${script}"></script>
</head>
<body>
<div id="graphiql" data-introspection="${options.introspection ? 'on' : 'off'}"><p class="gateway-loading">Loading GraphiQL…</p></div>
<noscript>GraphiQL needs JavaScript. The API itself is at this very address, for any GraphQL client.</noscript>
</body>
</html>
`;
}
