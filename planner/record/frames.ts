/** The SDK's class of resources, by what it reads the frames of a stack with (sdk/nodejs/resource.ts). */
interface ResourceClass {
  framePositionRegExp: { exec(frame: string): { groups?: { [name: string]: string } | undefined } | null };
}

export function isResourceClass(value: unknown): value is ResourceClass {
  return typeof value === 'function' && 'framePositionRegExp' in value;
}

/**
 * Makes the SDK know the place of every resource. By itself it reads only frames with a function's name, so a resource
 * at the top level of an ES module, or in an arrow function, has none, and takes a module's address for a path.
 * @returns what undoes it
 */
export function placeAllFrames(resource: ResourceClass): () => void {
  const original = resource.framePositionRegExp;
  resource.framePositionRegExp = { exec: placeOf };
  return () => {
    resource.framePositionRegExp = original;
  };
}

const FRAME =
  /^\s*at (?:.* \()?(?:async )?(?<module>file:\/\/)?(?<file>[^()]+):(?<line>[0-9]+):(?<column>[0-9]+)\)?$/;

function placeOf(frame: string): { groups?: { [name: string]: string } } | null {
  const groups = FRAME.exec(frame)?.groups;
  if (!groups) return null;
  const { module, file = '', line = '', column = '' } = groups;
  return { groups: { file: module === undefined ? file : decodeURI(file), line, column } };
}
