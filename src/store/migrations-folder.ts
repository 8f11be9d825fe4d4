import { fileURLToPath } from 'node:url';
import type { Provider } from './store.ts';

/** This file lies two folders below the root, like the chunks of `dist`. So the path is right for sources and for builds. */
export function migrationsFolder(provider: Provider): string {
  return fileURLToPath(new URL(`../../prisma/${provider}/migrations`, import.meta.url));
}
