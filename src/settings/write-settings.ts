import { writeFileSync } from 'node:fs';
import { printSettings } from './print-settings.ts';

// What `npm run settings` runs.
writeFileSync(new URL('../../docs/configuration.md', import.meta.url), printSettings());
