// What `pulumi` starts as pulumi-language-nodejs: prints its port on stdout, and serves until it is ended.
import { serveLanguageHost } from './language-host';

const engine = process.argv
  .slice(2)
  .filter((argument) => !argument.startsWith('-'))
  .at(-1);
if (engine === undefined) {
  console.error('pulumi-language-nodejs: pulumi starts this and gives it the address of its engine');
  process.exitCode = 64;
} else {
  void serveLanguageHost(engine).then(({ port }) => process.stdout.write(`${port}\n`));
}
