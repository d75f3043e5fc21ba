/** Writes to standard output, to the end. A reader that has seen enough, as `head`, is no failure. */
export async function print(text: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const ended = (error?: NodeJS.ErrnoException | null) =>
      error && error.code !== 'EPIPE' ? reject(error) : resolve();
    process.stdout.once('error', ended);
    process.stdout.write(text, ended);
  });
}
