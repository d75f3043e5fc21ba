/** The modules that the runtime has, as far as these functions use them. */
declare module 'cloudfront' {
  const cloudfront: {
    /** The one store that is associated with the function. `get` fails for a key that is not there. */
    kvs(): { get(key: string): Promise<string>; exists(key: string): Promise<boolean> };
  };
  export default cloudfront;
}

declare module 'crypto' {
  const crypto: {
    createHmac(
      algorithm: string,
      key: string,
    ): { update(data: string): { digest(encoding: string): string } };
  };
  export default crypto;
}

declare const Buffer: { from(text: string, encoding: string): { toString(encoding: string): string } };
