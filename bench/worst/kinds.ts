import { oneRequest, type WorstKind } from './kind.ts';
import { answers } from './kinds/answers.ts';
import { bodies } from './kinds/bodies.ts';
import { documentKinds } from './kinds/documents.ts';
import { headerKinds } from './kinds/headers.ts';
import { memoryKinds } from './kinds/memory.ts';
import { searches } from './kinds/searches.ts';

/** All kinds. The first one shows the effect of the measurement itself, and of other load on the machine. */
export const worstKinds: readonly WorstKind[] = [
  oneRequest('nothing', 'a plain request, to compare with', () => ({
    method: 'GET',
    path: '/health/live',
    headers: {},
    body: '',
  })),
  ...answers,
  ...searches,
  ...documentKinds,
  ...bodies,
  ...headerKinds,
  ...memoryKinds,
];
