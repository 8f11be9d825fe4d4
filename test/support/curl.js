// Replaces curl on machines without it, with the few options that the gateway prints.
const options = { headers: {} };
let url;
for (const words = process.argv.slice(2); words.length > 0; ) {
  const word = words.shift();
  if (word === '-H') {
    const [name, ...value] = words.shift().split(':');
    options.headers[name.trim()] = value.join(':').trim();
  } else if (word === '-d') Object.assign(options, { method: 'POST', body: words.shift() });
  else if (word !== '-s') url = word;
}
process.stdout.write(await (await fetch(url, options)).text());
