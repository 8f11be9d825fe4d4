// Preloaded into a server (`node --import`). After SIGUSR2 it writes a line to standard error whenever a text is compiled
// to code. At the start, libraries compile texts of the program itself.
const { stderr } = process;
let isWatching = false;
process.on('SIGUSR2', () => {
  isWatching = true;
  stderr.write('watching\n');
});

function report(how) {
  if (!isWatching) return;
  stderr.write(`${JSON.stringify({ event: 'code-generated', how, stack: new Error().stack })}\n`);
}

function watched(original) {
  const handler = {
    apply(target, self, args) {
      report(original.name);
      return Reflect.apply(target, self, args);
    },
    construct(target, args, newTarget) {
      report(original.name);
      return Reflect.construct(target, args, newTarget);
    },
  };
  return new Proxy(original, handler);
}

const kinds = [() => {}, async () => {}, function* generate() {}, async function* generate() {}];
for (const kind of kinds) {
  const original = kind.constructor;
  const replacement = watched(original);
  Object.defineProperty(original.prototype, 'constructor', { value: replacement, configurable: true });
  if (original === Function) globalThis.Function = replacement;
}
// biome-ignore lint/security/noGlobalEval: it is watched and not used
globalThis.eval = watched(globalThis.eval);
